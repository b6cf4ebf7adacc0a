"""Rules."""
from data.rule_changes import Amended as Amended
