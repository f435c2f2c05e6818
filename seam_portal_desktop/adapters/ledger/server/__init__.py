"""What only a ledger on a database server needs: time limits, one program at a time, kept links."""
