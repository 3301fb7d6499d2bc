"""The results as a picture: a panel a job, a bar a tool, the shortest the fastest.

Written by hand as SVG, in colours that can be read on light and on dark ground.
"""

from html import escape

from table import time

COLUMNS = 2
WIDTH = 460  # of a panel
GAP = 32  # between panels
TITLE = 26  # height of a panel's title
ROW = 20  # height of a tool's row
BAR = 12
LABELS = 152  # width of the tools' names
VALUES = 58  # width of the milliseconds behind the longest bar

STYLE = """
  text { font: 12px system-ui, -apple-system, "Segoe UI", "DejaVu Sans", sans-serif; fill: #7a828c }
  .title { font-weight: 600; font-size: 13px }
  .label { text-anchor: end }
  .bar { fill: #8d96a0; opacity: .65 }
  .ours { fill: #e0702a; opacity: 1 }
  text.ours { font-weight: 600 }
"""


def svg(measured):
    panels = [(job, _shown(results)) for job, results in measured]
    parts, top = [], GAP / 2
    for start in range(0, len(panels), COLUMNS):
        row = panels[start : start + COLUMNS]
        for column, (job, results) in enumerate(row):
            parts += _panel(job, results, column * (WIDTH + GAP), top)
        top += TITLE + ROW * max(len(results) for _, results in row) + GAP
    width = COLUMNS * (WIDTH + GAP) - GAP
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {top:.0f}" role="img">',
            "<title>Milliseconds a photo, by job and tool; shorter is better</title>",
            f"<style>{STYLE}</style>",
            *parts,
            "</svg>\n",
        ]
    )


def _shown(results):
    return [result for result in results if result.tool.in_chart and result.times]


def _panel(job, results, left, top):
    yield f'<g transform="translate({left:.0f} {top:.0f})">'
    yield f'<text class="title" y="13">{escape(job.title)}</text>'
    longest = max(result.median for result in results)
    for index, result in enumerate(results):
        yield from _bar(result, TITLE + index * ROW, (WIDTH - LABELS - VALUES) / longest)
    yield "</g>"


def _bar(result, top, scale):
    ours = " ours" if result.tool.ours else ""
    base, length = top + 11, max(result.median * scale, 1)
    label = escape(result.tool.label)
    yield f'<text class="label{ours}" x="{LABELS - 8}" y="{base}">{label}</text>'
    yield (
        f'<rect class="bar{ours}" x="{LABELS}" y="{top + 1}" width="{length:.1f}" '
        f'height="{BAR}" rx="2"/>'
    )
    value = f"{time(result.median)} ms" if ours else time(result.median)
    yield f'<text class="value{ours}" x="{LABELS + length + 6:.1f}" y="{base}">{value}</text>'
