package io.sluice.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.sluice.query.replay.Replay;
import io.sluice.query.replay.Totals;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;

/** What a replay did, in words and as JSON. */
final class ReplayLines {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * In words.
   *
   * @param to empty: nothing was sent
   */
  static void text(PrintWriter out, Replay replay, Totals totals, String to, double seconds) {
    out.println(
        String.format(
            Locale.ROOT,
            "%s %,d records in %,d requests (%,.1f MB)%s, in %.1f s",
            to.isEmpty()
                ? "would send"
                : replay.resumed() ? "replayed, with earlier runs," : "replayed",
            totals.records(),
            totals.requests(),
            totals.bytes() / 1e6,
            to.isEmpty() ? "" : " to " + to,
            seconds));
    if (!to.isEmpty()) {
      out.printf(
          Locale.ROOT,
          "acked %,d, rejected %,d, refused %,d; %,d requests sent again%n",
          totals.acked(),
          totals.rejected(),
          totals.refused(),
          replay.retries());
    }
    if (replay.mismatches() > 0) {
      out.printf(
          Locale.ROOT,
          "%,d values were not of the type that the table says they have: sent as strings%n",
          replay.mismatches());
    }
    out.flush();
  }

  static void json(PrintWriter out, Replay replay, Totals totals, boolean dryRun, double seconds)
      throws IOException {
    JsonGenerator json = JSON.createGenerator(out);
    json.writeStartObject();
    json.writeNumberField("v", 1);
    json.writeBooleanField("dryRun", dryRun);
    json.writeBooleanField("resumed", replay.resumed());
    json.writeNumberField("records", totals.records());
    json.writeNumberField("acked", dryRun ? 0 : totals.acked());
    json.writeNumberField("rejected", totals.rejected());
    json.writeNumberField("refused", totals.refused());
    json.writeNumberField("requests", totals.requests());
    json.writeNumberField("bytes", totals.bytes());
    json.writeNumberField("retries", replay.retries());
    json.writeNumberField("mismatchedValues", replay.mismatches());
    json.writeNumberField("seconds", Math.round(seconds * 1000) / 1000.0);
    json.writeEndObject();
    json.flush();
    out.println();
    out.flush();
  }

  private ReplayLines() {}
}
