"""How a page looks: on paper white and in the dark, on a phone, in print. No script, nothing remote.

Contrast of every pair of ink and ground is 4.5 or more; ``tests/test_browser.py`` measures it in a browser.
"""

from __future__ import annotations

_LIGHT = (
    "--cw-ink:#16181d;--cw-quiet:#5a5f69;--cw-paper:#fff;--cw-rule:#d8dbe0;--cw-link:#0b57a4;"
    "--cw-tint:#fbf3d3;--cw-glow:#ffe27a;--cw-float:#fff"
)
_DARK = (
    "--cw-ink:#e9e7e2;--cw-quiet:#a6abb4;--cw-paper:#15171a;--cw-rule:#383c43;--cw-link:#93c4ff;"
    "--cw-tint:#332d15;--cw-glow:#5e4b00;--cw-float:#22252a"
)
_SERIF = "Charter,'Bitstream Charter','Iowan Old Style','Source Serif 4',Georgia,Cambria,serif"
_SANS = "system-ui,-apple-system,'Segoe UI',Roboto,'Helvetica Neue',Arial,sans-serif"

FRAGMENT = f"""<style>
.citewire{{{_LIGHT};--cw-sans:{_SANS};position:relative;max-width:38em;padding:1em 1.25em;\
font:1.0625rem/1.55 {_SERIF};color:var(--cw-ink);background:var(--cw-paper);overflow-wrap:break-word;\
text-size-adjust:100%;-webkit-text-size-adjust:100%}}
.citewire .cw-title{{font-size:1.6em;line-height:1.2;letter-spacing:-.01em;margin:0 0 .5em;text-wrap:balance}}
.citewire .cw-story{{font-size:1.3em;line-height:1.25;margin:1.6em 0 .2em;text-wrap:balance}}
.citewire .cw-kind,.citewire .cw-part{{font:600 .8em/1.4 var(--cw-sans);margin:1.7em 0 .5em}}
.citewire .cw-part{{font-size:.95em;margin-top:2.6em;padding-top:.7em;border-top:1px solid var(--cw-rule)}}
.citewire p{{margin:.55em 0}}
.citewire ul{{margin:.4em 0;padding-left:1.1em}}
.citewire li{{position:relative;margin:.45em 0}}
.citewire li::marker{{color:var(--cw-quiet)}}
.citewire a{{color:var(--cw-link);text-underline-offset:.15em;text-decoration-thickness:1px}}
.citewire a:focus-visible,.citewire summary:focus-visible{{outline:2px solid currentColor;outline-offset:2px;\
border-radius:2px}}
.citewire a[role=doc-noteref]{{margin-left:.25em;padding:.15em .5em;\
font:600 .68em/1.5 var(--cw-sans);font-variant-numeric:tabular-nums;text-align:center;text-decoration:none;\
vertical-align:.3em;border-radius:.75em;background:color-mix(in srgb,var(--cw-link) 9%,transparent)}}
.citewire a[role=doc-noteref]:hover{{background:color-mix(in srgb,var(--cw-link) 18%,transparent)}}
.citewire a[role=doc-backlink]{{font-family:var(--cw-sans);text-decoration:none}}
.citewire .cw-sources{{list-style:none;padding:0;font-size:.94em}}
.citewire .cw-sources li{{margin:0;padding:.55em 0 .55em 2.1em;scroll-margin-top:25vh}}
.citewire .cw-sources b{{position:absolute;left:0;\
font:600 .8em/1.9 var(--cw-sans);font-variant-numeric:tabular-nums}}
.citewire .cw-sources b a{{text-decoration:none}}
.citewire .cw-sources a[role=doc-backlink]{{text-decoration:underline}}
.citewire .cw-sources li:target{{background:var(--cw-glow);box-shadow:0 0 0 .4em var(--cw-glow)}}
.citewire .cw-sources li:target *{{color:var(--cw-ink)}}
.citewire blockquote{{margin:0}}
.citewire .cw-quiet,.citewire details{{color:var(--cw-quiet);font:.82em/1.5 var(--cw-sans)}}
.citewire span.cw-quiet{{font-size:.85em}}
.citewire .cw-clash{{list-style:none;margin:1em 0 1.2em -1.1em;padding-left:.95em;border-left:2px solid var(--cw-rule)}}
.citewire .cw-clash ul{{list-style:none;margin:0;padding:0}}
.citewire .cw-clash li+li{{margin-top:.75em}}
.citewire .cw-about{{margin:0 0 .3em;font-weight:700}}
.citewire .cw-role{{font:600 .76em/1.4 var(--cw-sans);color:var(--cw-quiet)}}
.citewire .cw-who{{font:.82em/1.4 var(--cw-sans)}}
.citewire p.cw-said{{margin:.1em 0 0;font-size:.94em;line-height:1.45}}
.citewire .cw-sources details{{margin-top:.15em;font-size:.8em}}
@media screen and (prefers-color-scheme:dark){{.citewire{{{_DARK}}}}}
@media print{{.citewire{{color:#000;max-width:none;padding:0}}.citewire details{{display:none}}
.citewire a{{color:inherit;text-decoration:none}}
.citewire a[rel]::after{{content:" (" attr(href) ")";overflow-wrap:anywhere;font-variant-ligatures:none}}
.citewire li,.citewire blockquote,.citewire p{{break-inside:avoid}}
.citewire .cw-title,.citewire .cw-story,.citewire .cw-kind,.citewire .cw-part{{break-after:avoid}}
.citewire a[role=doc-backlink]{{display:none}}}}
</style>"""
"""Of everything that stands in a fragment, in a notebook and on a page."""

PAGE = """<style>
.citewire{margin:0 auto;padding:2.5rem 1.25rem 4rem;font-size:1.125rem}
.citewire .cw-title{font-size:clamp(1.75rem,6vw,2.5rem);line-height:1.1;letter-spacing:-.02em;margin:.1em 0 .3em}
.citewire .cw-kicker{margin:0;font:600 .78rem/1.4 var(--cw-sans);color:var(--cw-quiet)}
.citewire .cw-dateline{margin:0 0 2em;padding-bottom:1em;border-bottom:3px double var(--cw-rule)}
.citewire .cw-story{font-size:1.5em;line-height:1.2;letter-spacing:-.01em;margin-top:2.2em;scroll-margin-top:1rem}
.citewire .cw-dateline+.cw-story{margin-top:0}
.citewire nav ol{margin:0 0 2.5em;padding-left:1.3em;font:.88em/1.5 var(--cw-sans)}
.citewire nav li{margin:.25em 0}
.citewire nav a:not(:hover){text-decoration:none}
.citewire p:has(.cw-cite){position:relative}
.citewire .cw-cite{anchor-scope:--cw-number}
.citewire .cw-cite a{anchor-name:--cw-number}
.citewire .cw-pop{position:absolute;z-index:2;box-sizing:border-box;left:0;right:0;top:100%;max-width:25em;\
visibility:hidden;opacity:0;transition:opacity .12s,visibility 0s .25s;padding:.75em 1em .8em;\
background:var(--cw-float);color:var(--cw-ink);border:1px solid var(--cw-rule);border-radius:6px;\
box-shadow:0 6px 24px rgb(0 0 0/.16);font-size:.9em;line-height:1.45;\
font-weight:400;font-style:normal;text-align:start;white-space:normal}
.citewire .cw-pop>span{display:block;margin-top:.45em;color:var(--cw-quiet);font:.82em/1.4 var(--cw-sans)}
@supports (anchor-scope:--a) and (position-area:bottom){.citewire .cw-pop{position:fixed;inset:auto;\
position-anchor:--cw-number;position-area:bottom;position-try-fallbacks:flip-block;width:max-content;\
max-width:min(25rem,100vw - 2rem);margin:6px 1rem}}
@supports (transition-behavior:allow-discrete){.citewire .cw-pop{pointer-events:none;\
transition:opacity .12s,visibility 0s .25s,pointer-events 0s .25s allow-discrete}\
.citewire .cw-cite:hover>.cw-pop{pointer-events:auto}}
.citewire .cw-cite:hover>.cw-pop,.citewire .cw-cite>a:focus+.cw-pop{visibility:visible;opacity:1;\
transition:opacity .12s .06s,visibility 0s .06s}
.citewire .cw-article{margin:2.4em 0 0;padding-top:1.1em;border-top:1px solid var(--cw-rule)}
.citewire .cw-articles .cw-quiet+.cw-article{margin-top:1.6em;padding-top:0;border:0}
.citewire .cw-article h3{font-size:1.2em;line-height:1.25;margin:.1em 0 .25em;text-wrap:balance}
.citewire .cw-article .cw-text{font-size:.94em}
.citewire mark{padding:.1em .12em;color:inherit;background:var(--cw-tint);border-radius:2px;scroll-margin-top:30vh;\
box-decoration-break:clone;-webkit-box-decoration-break:clone}
.citewire mark:focus{outline:none}
.citewire mark:target{background:var(--cw-glow);box-shadow:0 0 0 3px var(--cw-glow)}
.citewire mark:target a{color:var(--cw-ink)}
.citewire mark a{font:600 .72em/1 var(--cw-sans);vertical-align:.25em;white-space:nowrap;padding:0 .2em}
.citewire .cw-foot{margin-top:3em;padding-top:1em;border-top:1px solid var(--cw-rule)}
@media (pointer:coarse){.citewire .cw-cite a{padding:.4em .8em}}
@media (max-width:30em){.citewire{padding-top:1.5rem;font-size:1.0625rem}}
@media print{.citewire{font-size:10.5pt;line-height:1.4}.citewire .cw-pop,.citewire nav,.citewire .cw-articles,\
.cw-skip{display:none}.citewire .cw-title{font-size:22pt}.citewire p,.citewire li{orphans:3;widows:3}}
</style>"""
"""Of what stands on a page alone: a title, popovers, whole articles."""

SHELL = f"""<style>
:root{{{_LIGHT}}}
body{{margin:0;background:var(--cw-paper);color:var(--cw-ink)}}
.cw-skip{{position:absolute;left:.5rem;top:-4rem;z-index:3;padding:.6rem 1rem;font:600 .9rem {_SANS};\
background:var(--cw-paper);color:var(--cw-link);border:2px solid var(--cw-link);border-radius:4px}}
.cw-skip:focus{{top:.5rem}}
@media screen and (prefers-color-scheme:dark){{:root{{{_DARK}}}}}
@page{{margin:20mm 18mm}}
</style>"""
"""Of the page around a fragment."""
