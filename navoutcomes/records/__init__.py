"""What the register says: from files to an Extract with known columns, and from an Extract to Spells."""
