"""What belongs to one lab and does not fit into its page: a folder per lab, with the name of the lab."""
