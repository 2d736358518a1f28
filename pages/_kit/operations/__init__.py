"""What whoever runs the server needs: metrics, logs, a bound on visits, an orderly end."""
