"""Insurance knows the policies that insurers told of, and notifies the insurer of a failed sample's producer."""
