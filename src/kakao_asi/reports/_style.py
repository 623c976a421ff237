"""The style sheet of the page; it stands in the page itself, so that nothing is fetched."""

from __future__ import annotations

from typing import Final

__all__ = ["STYLE"]

STYLE: Final = """
*{box-sizing:border-box}
html{-webkit-text-size-adjust:100%}
body{margin:0;background:#fff;color:#1a1a1a;line-height:1.55;font-size:16px;
font-family:"Noto Sans KR","Noto Sans CJK KR","Apple SD Gothic Neo","Malgun Gothic",NanumGothic,system-ui,sans-serif}
svg text{font-family:inherit}
:lang(ko){word-break:keep-all}
main,.page{overflow-wrap:break-word}
main{max-width:1180px;margin:0 auto;padding:16px 24px 48px;position:relative}
a{color:#0b4f9e}
a:focus-visible,.scroll:focus-visible,summary:focus-visible{outline:3px solid #0b4f9e;outline-offset:2px}
svg a:focus-visible{outline:3px solid #0b4f9e}
svg a:hover rect:first-child{stroke-width:2.5}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 12px}
h2{font-size:1.3rem;line-height:1.3;margin:44px 0 8px;padding-top:14px;border-top:3px solid #1a1a1a}
h3{font-size:1.05rem;margin:22px 0 6px}
h4{font-size:.95rem;margin:14px 0 4px}
p{margin:6px 0}
code{font-family:ui-monospace,"SFMono-Regular",Menlo,Consolas,monospace;font-size:.86em;overflow-wrap:anywhere}
.switch{position:absolute;opacity:0;width:1px;height:1px}
.langs{display:flex;justify-content:flex-end;gap:0;margin:0 0 12px}
.langs label{border:1px solid #1a1a1a;padding:4px 14px;cursor:pointer;font-size:.9rem;background:#fff}
.langs label+label{border-left:0}
#ko:checked~.langs label[for=ko],#en:checked~.langs label[for=en]{background:#1a1a1a;color:#fff}
#ko:focus-visible~.langs label[for=ko],#en:focus-visible~.langs label[for=en]
{outline:3px solid #0b4f9e;outline-offset:2px}
#ko:checked~.page.en,#en:checked~.page.ko{display:none}
.cover dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0 0 10px}
.cover dt{color:#4d4d4d}
.cover dd{margin:0}
.fine{color:#4d4d4d;font-size:.88rem;max-width:62em}
.toc{display:flex;flex-wrap:wrap;gap:4px 18px;padding:0;margin:14px 0 0;list-style:none;font-size:.92rem}
.tiles{display:grid;grid-template-columns:repeat(auto-fill,minmax(118px,1fr));gap:10px;padding:0;
margin:12px 0;list-style:none}
.tiles li{border:1px solid #767676;padding:8px 12px}
.tiles .number{display:block;font-size:1.7rem;line-height:1.2;font-weight:700}
.tiles li.zero{border-color:#c4c4c4}
.tiles li.zero .number{font-weight:400}
.cards{columns:2 430px;column-gap:16px}
.card{border:1px solid #767676;padding:12px 16px 14px;margin:0 0 16px;break-inside:avoid}
.card h3{margin-top:0}
.verdict{font-weight:700;padding:1px 8px;border:2px solid #1a1a1a;font-size:.86rem;white-space:nowrap;
display:inline-block}
.verdict.shut{background:#1a1a1a;color:#fff}
.blockers{list-style:none;padding:0;margin:6px 0 0}
.blockers li{padding:6px 0 6px 12px;border-left:3px solid #1a1a1a;margin:6px 0;font-size:.93rem}
.blockers li.note{border-left-style:dotted}
.who{color:#4d4d4d;font-size:.86rem;display:block}
.who b{color:#1a1a1a}
.pair{display:grid;grid-template-columns:minmax(0,1fr) minmax(0,1fr);gap:32px;align-items:start}
.scroll{overflow-x:auto;max-width:100%}
table{border-collapse:collapse;width:100%;font-size:.9rem}
th,td{border:1px solid #c4c4c4;padding:6px 9px;text-align:left;vertical-align:top}
thead th{background:#1a1a1a;color:#fff;border-color:#1a1a1a;white-space:nowrap}
tbody th.group{background:#f1f1f1;font-size:.88rem}
tbody:target th.group{outline:3px solid #0b4f9e;outline-offset:-3px}
tr.closed td,tr.closed th{background:#fafafa}
td ul{margin:0;padding-left:16px}
table.register .title{font-weight:700;display:block}
table.cases td:nth-child(3){min-width:280px}
.meta{color:#4d4d4d;font-size:.86em}
.flag{border:1px solid #1a1a1a;padding:0 6px;font-size:.82em;font-weight:700;display:inline-block;max-width:100%;
overflow-wrap:anywhere}
.grade{display:inline-block;padding:1px 8px;border:1px solid #1a1a1a;white-space:nowrap;font-weight:700;font-size:.88em}
.grade.low{background:#fffbe0;color:#000}
.grade.medium{background:#d98200;color:#000}
.grade.high{background:#6b1d00;color:#fff}
.grade.unknown{background:#fff;border-style:dashed;border-width:2px}
.swatch{background:repeating-linear-gradient(135deg,#fff 0 4px,#9a9a9a 4px 5px);
display:inline-block;width:14px;height:14px;border:1px dashed #1a1a1a;vertical-align:-2px;margin-right:5px}
.steps{white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:6px 16px;padding:0;margin:8px 0;list-style:none;font-size:.88rem}
.kept{white-space:nowrap}
dd,table.pack td,table.pack th{overflow-wrap:anywhere}
caption.unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
svg{display:block}
svg.heat,svg.bars{width:100%;max-width:560px;height:auto}
svg.timeline{max-width:100%;height:auto}
.numbers{font-size:.92rem;padding-left:26px;margin:6px 0}
.numbers li{margin:3px 0}
.numbers li.taken{font-weight:700}
details{margin:8px 0}
summary{cursor:pointer}
@media screen and (max-width:900px){.pair{grid-template-columns:minmax(0,1fr);gap:0}}
@media screen and (max-width:760px){table,tbody,tr,td,tbody th{display:block}thead{display:none}
td{border:0;padding:2px 10px 2px 7.4em;position:relative;min-height:1.9em}
tr{border:1px solid #c4c4c4;border-top-width:2px;padding:5px 0;margin:0 0 8px}
tr:has(th.group){border:0;margin:0;padding:0}
td::before{content:attr(data-label);position:absolute;left:10px;width:7.4em;color:#4d4d4d;font-size:.85em}
table.register td:first-child,table.cases td:first-child{padding-left:10px}
table.register td:first-child::before,table.cases td:first-child::before{content:none}}
@media screen and (max-width:600px){main{padding:12px 16px 32px}h1{font-size:1.45rem}
.cover dl{grid-template-columns:1fr;gap:0}.cover dd{margin:0 0 6px}.tiles{grid-template-columns:1fr 1fr}}
@media print{@page{size:A4 landscape;margin:12mm}body{font-size:10.5pt}
.langs,.toc{display:none}main{max-width:none;padding:0}
.scroll{overflow:visible}table{font-size:8.5pt}
tr,.card,svg,.pair{break-inside:avoid}h2,h3,h2+.fine{break-after:avoid}
*{-webkit-print-color-adjust:exact;print-color-adjust:exact}}
"""
"""One column below 900 pixels; tables and wide drawings scroll inside their box; printed on A4 across."""
