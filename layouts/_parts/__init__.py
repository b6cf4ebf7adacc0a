"""What all pages share. `app` builds the application, `gate` decides who gets in, `shell` stands around every page, `here` is what a
request knows, `callback` is the only way to register one; `chart`, `table`, `grid`, `map`,
`marks` and `states` are what pages are made of."""
