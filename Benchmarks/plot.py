"""Draws what Benchmarks/peers.py has measured: cost against the number of policies, and against the number of entities.

    python3 Benchmarks/plot.py RESULTS.json > Benchmarks/cost.svg
"""

import json
import math
import statistics
import sys

PANELS = [
    ("policies", ["acl", "rbac", "abac"], "policies"),
    ("entities", ["tinytodo", "gdrive", "github"], "entities"),
]
COLORS = ["#0072b2", "#d55e00", "#009e73"]  # Okabe and Ito's, told apart by everybody
WIDTH, HEIGHT = 460, 320
LEFT, RIGHT, TOP, BOTTOM = 70, 30, 34, 44


def scale(low, high, start, end):
    """A logarithmic scale from data to pixels."""
    low, high = math.log10(low), math.log10(high)
    return lambda value: start + (math.log10(value) - low) / (high - low) * (end - start)


def decades(values):
    low, high = math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)))
    return 10**low, 10 ** max(high, low + 1)


def si(value):
    for unit, size in (("s", 1e9), ("ms", 1e6), ("µs", 1e3)):
        if value >= size:
            return f"{value / size:g} {unit}"
    return f"{value:g} ns"


def series(results, family, size):
    """The points of a family. Others' scenarios of a name are not ours of that name, only larger: a line is of one kind, of which there is more."""
    kinds = {True: [], False: []}
    for result in results:
        if result["scenario"].split("-")[0] == family:
            point = (result[size], statistics.median(result["cedarc"]), statistics.median(result["cedarpy"]))
            if min(point) > 0:
                kinds[result["shared"]].append(point)
    return sorted(max(kinds.values(), key=len))


def panel(results, size, families, title, costs):
    lines = {family: series(results, family, size) for family in families}
    counts = [point[0] for points in lines.values() for point in points]
    if not counts:
        return []
    x_low, x_high = decades(counts)
    y_low, y_high = costs
    x = scale(x_low, x_high, LEFT, WIDTH - RIGHT)
    y = scale(y_low, y_high, HEIGHT - BOTTOM, TOP)
    svg = []
    for power in range(round(math.log10(y_low)), round(math.log10(y_high)) + 1):
        place = y(10**power)
        svg.append(f'<line x1="{LEFT}" x2="{WIDTH - RIGHT}" y1="{place:.1f}" y2="{place:.1f}" class="grid"/>')
        svg.append(f'<text x="{LEFT - 6}" y="{place + 4:.1f}" text-anchor="end">{si(10**power)}</text>')
    for power in range(round(math.log10(x_low)), round(math.log10(x_high)) + 1):
        place = x(10**power)
        svg.append(f'<line x1="{place:.1f}" x2="{place:.1f}" y1="{TOP}" y2="{HEIGHT - BOTTOM}" class="grid"/>')
        svg.append(f'<text x="{place:.1f}" y="{HEIGHT - BOTTOM + 16}" text-anchor="middle">{10**power:,}</text>')
    svg.append(f'<text x="{(LEFT + WIDTH - RIGHT) / 2}" y="{HEIGHT - 8}" text-anchor="middle">{title}</text>')
    for row, (family, color) in enumerate(zip(families, COLORS)):
        points = lines[family]
        for column, dash in ((1, ""), (2, ' stroke-dasharray="5 4"')):
            path = " ".join(f"{x(point[0]):.1f},{y(point[column]):.1f}" for point in points)
            if path:
                svg.append(f'<polyline points="{path}" fill="none" stroke="{color}" stroke-width="2"{dash}/>')
            for point in points:
                svg.append(f'<circle cx="{x(point[0]):.1f}" cy="{y(point[column]):.1f}" r="2.5" fill="{color}"/>')
        svg.append(f'<text x="{LEFT + row * 90}" y="{TOP - 12}" style="fill: {color}" font-weight="bold">{family}</text>')
    return svg


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        results = json.load(file)
    drawn = {family for _, families, _ in PANELS for family in families}
    costs = [
        cost for result in results if result["scenario"].split("-")[0] in drawn
        for cost in (statistics.median(result["cedarc"]), statistics.median(result["cedarpy"])) if cost > 0
    ]
    if not costs:
        sys.exit("none of the families that are drawn was measured")
    panels = [panel(results, *which, decades(costs)) for which in PANELS]
    total = WIDTH * len(panels)
    print(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {total} {HEIGHT + 24}" font-family="sans-serif" font-size="12">')
    print("<title>Time of one decision against the number of policies and of entities</title>")
    print("<style>text { fill: #333 } .grid { stroke: #ddd }</style>")
    print(f'<rect width="{total}" height="{HEIGHT + 24}" fill="#fff"/>')
    for number, lines in enumerate(panels):
        print(f'<g transform="translate({number * WIDTH} 0)">')
        print("\n".join(lines))
        print("</g>")
    note = "one decision; solid: cedarc, dashed: cedarpy less its empty set"
    print(f'<text x="{total / 2}" y="{HEIGHT + 16}" text-anchor="middle">{note}</text>')
    print("</svg>")


if __name__ == "__main__":
    main()
