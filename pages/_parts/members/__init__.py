"""What the page of members shows: everybody, a roster before and after it is taken over, codes and PINs."""
