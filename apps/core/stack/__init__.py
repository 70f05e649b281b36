"""What runs the system on one machine. `postgres` needs the standard library alone; settings import it."""
