"""From when to when: stays of people in programmes, and the arithmetic of stays."""
