"""The run: worker processes, ordered output, a ledger that resumes, a manifest."""
