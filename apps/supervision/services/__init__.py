"""Every change to the ledger and to visits."""
