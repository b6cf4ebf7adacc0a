"""Figures: functions of rows to go.Figure. No query, no colour, no title: the page asks, `chart()` frames, the theme colours."""
