# SPDX-License-Identifier: MIT
"""Line plots as SVG: a logarithmic axis of x, a linear one of y, each line named at its end."""

import html
import math

COLORS = ["#6b7280", "#b45309", "#1d4ed8", "#60a5fa", "#047857", "#be185d", "#7c3aed", "#0f766e"]
WIDTH, HEIGHT = 760, 420
LEFT, RIGHT, TOP, BOTTOM = 70, 180, 50, 54
LABEL_DISTANCE = 15


def nice_step(largest):
    """A step of 1, 2 or 5 times a power of ten that divides the axis into at most six parts."""
    raw = largest / 6
    power = 10 ** math.floor(math.log10(raw))
    return next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw)


def spread(labels):
    """Moves labels (y, text, color) apart, so that none lies on another."""
    placed = []
    for y, text, color in sorted(labels):
        y = max(y, placed[-1][0] + LABEL_DISTANCE) if placed else y
        placed.append((y, text, color))
    overflow = placed[-1][0] - (HEIGHT - BOTTOM) if placed else 0
    return [(y - max(0, overflow), text, color) for y, text, color in placed]


def plot(title, x_title, y_title, series, bold=()):
    """series: name -> {x: y}. The names in `bold` are drawn more strongly."""
    series = {name: points for name, points in series.items() if points}
    xs = sorted({x for points in series.values() for x in points})
    top = max(y for points in series.values() for y in points.values()) * 1.05
    step = nice_step(top)
    low, high = math.log10(xs[0]), math.log10(xs[-1])

    def at_x(x):
        return LEFT + (math.log10(x) - low) / (high - low) * (WIDTH - LEFT - RIGHT)

    def at_y(y):
        return HEIGHT - BOTTOM - y / top * (HEIGHT - TOP - BOTTOM)

    def text(x, y, content, **attributes):
        more = "".join(f' {key.replace("_", "-")}="{value}"' for key, value in attributes.items())
        return f'<text x="{x:.1f}" y="{y:.1f}"{more}>{html.escape(content)}</text>'

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        'font-family="system-ui, sans-serif" font-size="12" fill="#111827">',
        f"<title>{html.escape(title)}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        text(LEFT, 26, title, font_size=15, font_weight=600),
        text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 14, x_title, text_anchor="middle"),
        f'<g transform="translate(18 {(TOP + HEIGHT - BOTTOM) / 2:.0f}) rotate(-90)">'
        + text(0, 0, y_title, text_anchor="middle")
        + "</g>",
    ]
    for index in range(int(top / step) + 1):
        y = at_y(index * step)
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e5e7eb"/>')
        parts.append(text(LEFT - 8, y + 4, f"{index * step:,.10g}", text_anchor="end", fill="#4b5563"))
    for x in xs:
        parts.append(f'<path d="M{at_x(x):.1f} {HEIGHT - BOTTOM}v5" stroke="#9ca3af"/>')
        parts.append(text(at_x(x), HEIGHT - BOTTOM + 20, f"{x:,}", text_anchor="middle", fill="#4b5563"))
    parts.append(f'<path d="M{LEFT} {HEIGHT - BOTTOM}H{WIDTH - RIGHT}" stroke="#9ca3af"/>')
    labels = []
    for (name, points), color in zip(series.items(), COLORS):
        width = 3 if name in bold else 1.5
        line = "L".join(f"{at_x(x):.1f} {at_y(y):.1f}" for x, y in sorted(points.items()))
        parts.append(f'<path d="M{line}" fill="none" stroke="{color}" stroke-width="{width}" stroke-linejoin="round"/>')
        for x, y in points.items():
            parts.append(f'<circle cx="{at_x(x):.1f}" cy="{at_y(y):.1f}" r="{width + 1}" fill="{color}"/>')
        labels.append((at_y(points[max(points)]), name, color))
    for y, name, color in spread(labels):
        weight = 700 if name in bold else 400
        parts.append(text(WIDTH - RIGHT + 12, y + 4, name, fill=color, font_weight=weight))
    parts.append("</svg>")
    return "\n".join(parts) + "\n"
