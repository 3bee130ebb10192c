"""What a person looks at: right-to-left pages of annotated articles."""

from pipeline.views.article import highlight, page

__all__ = ["highlight", "page"]
