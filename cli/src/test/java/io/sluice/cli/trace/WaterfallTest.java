package io.sluice.cli.trace;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.cli.show.Paint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class WaterfallTest {

  private static final String TRACE = "0102030405060708090a0b0c0d0e0f10";
  private static final long T = 1_790_000_000_000_000_000L;
  private static final long MILLI = 1_000_000;

  @Test
  void childrenAreBelowTheirParentsInTheOrderOfTheirStart() throws Exception {
    List<String> lines =
        drawn(
            span("c", "a", "db", 30, 90),
            span("b", "a", "cache", 10, 20),
            span("a", "", "web", 0, 100),
            span("d", "c", "disk", 40, 50));
    assertThat(lines.get(0)).startsWith("trace " + TRACE + "  4 spans, 4 services, 100ms, 2026-");
    assertThat(names(lines)).containsExactly("web a", "├ cache b", "└ db c", "  └ disk d");
    assertThat(lines.get(1)).contains("  100ms  ━━━");
    assertThat(lines.get(2)).contains(" 10.0ms  ");
    int bars = lines.get(1).indexOf('━');
    assertThat(lines.get(3).indexOf('━')).isGreaterThan(bars + 5);
  }

  @Test
  void orphansRootsAndRepeatedIdsAreAllShownAndSaid() throws Exception {
    List<String> lines =
        drawn(
            span("a", "", "web", 0, 100),
            span("b", "gone", "web", 10, 20),
            span("e", "", "web", 12, 20),
            span("a", "", "web", 50, 60));
    assertThat(names(lines)).containsExactly("web a", "web b", "web e", "web a");
    assertThat(lines.get(2)).endsWith(" parent gone is not there");
    assertThat(lines.get(4)).endsWith(" id is there again");
  }

  @Test
  void parentsInACircleEndAndEachSpanIsThereOnce() throws Exception {
    List<String> lines =
        drawn(
            span("a", "b", "web", 0, 100),
            span("b", "c", "web", 1, 99),
            span("c", "a", "web", 2, 98),
            span("self", "self", "web", 3, 4),
            span("leaf", "b", "web", 5, 6));
    assertThat(lines).hasSize(6);
    assertThat(names(lines).stream().map(name -> name.replaceAll("[├└│ ]", "")))
        .containsExactlyInAnyOrder("weba", "webb", "webc", "webself", "webleaf");
    assertThat(lines.stream().filter(line -> line.endsWith("parents in a circle"))).hasSize(2);
  }

  @Test
  void errorsHaveTheirStatusBelowAndTextOfOthersIsHarmless() throws Exception {
    Span failed =
        new Span(
            "a", "", "we\u001b[2Jb", "GET\n/", "SERVER", T, T + MILLI, true, "no\u0007 card", 2, 1);
    StringBuilder out = new StringBuilder();
    new Waterfall(new Paint(true), 100).draw(TRACE, List.of(failed), List.of(), out);
    String text = out.toString();
    assertThat(text).contains("2 events, 1 link", "! no\\u0007 card", "1 error");
    assertThat(text.replaceAll("\u001b\\[\\d+m", "").chars())
        .allMatch(c -> c == '\n' || !Character.isISOControl(c));
  }

  @Test
  void logsAreBelowTheirSpansAndOthersAtTheEnd() throws Exception {
    StringBuilder out = new StringBuilder();
    new Waterfall(new Paint(false), 100)
        .draw(
            TRACE,
            List.of(span("a", "", "web", 0, 100), span("b", "a", "web", 10, 20)),
            List.of(
                new SpanLog("b", T + 15 * MILLI, "WARN", "slow"),
                new SpanLog("", T, "INFO", "of no span"),
                new SpanLog("gone", T, "INFO", "of another")),
            out);
    List<String> lines = out.toString().lines().toList();
    assertThat(lines.get(3)).contains("· +15.0ms WARN slow");
    assertThat(lines.get(4)).isEqualTo("logs of no span that is there");
    assertThat(lines.subList(5, 7)).allMatch(line -> line.contains("INFO of "));
  }

  @Test
  void tenThousandSpansBelowEachOtherAreDrawnInLinesOfTheWidth() throws Exception {
    Span[] chain = new Span[10_000];
    for (int i = 0; i < chain.length; i++) {
      chain[i] = span("s" + i, i == 0 ? "" : "s" + (i - 1), "web", i, 20_000 - i);
    }
    List<String> lines = drawn(chain);
    assertThat(lines).hasSize(10_001);
    assertThat(lines).allMatch(line -> line.length() <= 100);
    assertThat(lines.get(10_000)).contains("…9999 web s9999");
  }

  @Test
  void timesThatMakeNoSenseAreDrawn() throws Exception {
    List<String> lines =
        drawn(
            new Span("a", "", "web", "a", "", 0, -1, false, "", 0, 0),
            new Span("b", "a", "web", "b", "", -1, 0, false, "", 0, 0),
            span("c", "a", "web", 100, 0));
    assertThat(lines).hasSize(4);
    assertThat(lines.get(2)).contains("ends before it starts");
  }

  private static Span span(String id, String parent, String service, long from, long to) {
    return new Span(
        id, parent, service, id, "SERVER", T + from * MILLI, T + to * MILLI, false, "", 0, 0);
  }

  private static List<String> drawn(Span... spans) throws IOException {
    StringBuilder out = new StringBuilder();
    new Waterfall(new Paint(false), 100)
        .draw(TRACE, new ArrayList<>(List.of(spans)), List.of(), out);
    return out.toString().lines().toList();
  }

  private static List<String> names(List<String> lines) {
    return lines.stream().skip(1).map(line -> line.replaceFirst(" {2,}\\S+ms .*", "")).toList();
  }
}
