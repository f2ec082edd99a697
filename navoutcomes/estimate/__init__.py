"""What we find: from people to counts at one gate, and from counts to results that introduce themselves."""
