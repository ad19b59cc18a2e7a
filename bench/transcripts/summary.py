"""Tables from the rows of the transcript bench."""
import csv
import statistics
import sys


def number(text):
    return float(text) if text not in ("", None) else None


def main():
    rows = list(csv.DictReader(open(sys.argv[1])))
    print("| section | runs | answered | within 40 ms | within 80 ms | median error ms | interval holds | unpaired | processor s, median | MB, largest |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for section in dict.fromkeys(r["section"] for r in rows):
        own = [r for r in rows if r["section"] == section]
        answered = [r for r in own if number(r["offset_ms"]) is not None]
        errors = [abs(number(r["error_ms"])) for r in answered if number(r["error_ms"]) is not None]
        inside = [number(r["ci_low"]) <= number(r["true_ms"]) <= number(r["ci_high"]) for r in answered if number(r.get("ci_low")) is not None and number(r["true_ms"]) is not None]
        share = lambda values: f"{100 * sum(values) / len(values):.1f} %" if values else "-"
        print("|", " | ".join([
            section, str(len(own)), share([r in answered for r in own]), share([e <= 40 for e in errors]), share([e <= 80 for e in errors]),
            f"{statistics.median(errors):.1f}" if errors else "-", share(inside), share([r["verdict"] == "unpaired" for r in own]),
            f"{statistics.median(number(r['seconds']) for r in own):.2f}", f"{max(number(r['megabytes']) for r in own):.0f}"]), "|")
    rated = [r for r in rows if r.get("expected_ppm") not in ("", None)]
    if rated:
        wrong = [r for r in rated if r["expected_rate"] and r["rate"] != r["expected_rate"]]
        errors = [abs(number(r["ppm"]) - number(r["expected_ppm"])) for r in rated if number(r["ppm"]) is not None]
        named = [r for r in rated if r["expected_rate"]]
        print(f"\nRates and drifts: {len(errors)} of {len(rated)} measured, largest error {max(errors):.1f} ppm; of {len(named)} frame-rate ratios {len(wrong)} named otherwise:")
        for r in wrong:
            print(f"- {r['case']}: named {r['rate'] or 'nothing'}, {r['ppm']} ppm")
    split = [r for r in rows if r["section"] == "long split"]
    if split:
        print("\nPieces: " + "; ".join(f"{r['case']}: {r['split_errors_s']}" for r in split))
    unsplit = [r for r in rows if r["section"] == "long unsplit"]
    if unsplit:
        print(f"\nUnsplit: {sum(int(r['pieces']) > 1 for r in unsplit)} of {len(unsplit)} with invented segments")


if __name__ == "__main__":
    main()
