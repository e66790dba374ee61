"""What operations of several pages do: changes of records with all that they cause."""
