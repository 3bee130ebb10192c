import pytest


@pytest.fixture
def make(tmp_path):
    """Write a file below a fresh folder and give its path."""

    def write(name: str, data: bytes | str):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data.encode() if isinstance(data, str) else data)
        return path

    return write
