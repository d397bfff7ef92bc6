package io.sluice.query.replay;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.query.replay.Checkpoint.Place;
import io.sluice.query.replay.Checkpoint.Source;
import io.sluice.schema.table.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A checkpoint as JSON: flat, so that it is read without a model.
 *
 * <pre>
 * {"version":1,"id":"...","asked":{"to":"...",...},
 *  "sources":[{"table":"traces","files":8,"kept":["traces-0.arrows"]}],
 *  "at":{"source":0,"piece":2,"row":51200},
 *  "totals":{"acked":1,"rejected":0,"refused":0,"requests":1,"bytes":1},"ended":false}
 * </pre>
 */
final class CheckpointJson {

  private static final int VERSION = 1;
  private static final JsonFactory FACTORY = new JsonFactory();

  static byte[] write(Checkpoint checkpoint) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = FACTORY.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("version", VERSION);
      out.writeStringField("id", checkpoint.id());
      out.writeObjectFieldStart("asked");
      for (Map.Entry<String, String> each : checkpoint.asked().entrySet()) {
        out.writeStringField(each.getKey(), each.getValue());
      }
      out.writeEndObject();
      out.writeArrayFieldStart("sources");
      for (Source source : checkpoint.sources()) {
        write(out, source);
      }
      out.writeEndArray();
      out.writeObjectFieldStart("at");
      out.writeNumberField("source", checkpoint.place().source());
      out.writeNumberField("piece", checkpoint.place().piece());
      out.writeNumberField("row", checkpoint.place().row());
      out.writeEndObject();
      Totals totals = checkpoint.totals();
      out.writeObjectFieldStart("totals");
      out.writeNumberField("acked", totals.acked());
      out.writeNumberField("rejected", totals.rejected());
      out.writeNumberField("refused", totals.refused());
      out.writeNumberField("requests", totals.requests());
      out.writeNumberField("bytes", totals.bytes());
      out.writeEndObject();
      out.writeBooleanField("ended", checkpoint.ended());
      out.writeEndObject();
    }
    return bytes.toByteArray();
  }

  private static void write(JsonGenerator out, Source source) throws IOException {
    out.writeStartObject();
    out.writeStringField("table", source.table().tableName());
    out.writeNumberField("files", source.files());
    out.writeArrayFieldStart("kept");
    for (String name : source.kept()) {
      out.writeString(name);
    }
    out.writeEndArray();
    out.writeEndObject();
  }

  /**
   * The inverse.
   *
   * @throws IllegalArgumentException it is no checkpoint, or one of a newer version
   */
  static Checkpoint read(byte[] json) {
    Map<String, String> flat = new LinkedHashMap<>();
    try (JsonParser in = FACTORY.createParser(json)) {
      in.nextToken();
      flatten(in, "", flat);
    } catch (IOException e) {
      throw new IllegalArgumentException("it is damaged", e);
    }
    if (!text(flat, "/version").equals(Integer.toString(VERSION))) {
      throw new IllegalArgumentException(
          "it is of version %s, not %d".formatted(flat.get("/version"), VERSION));
    }
    Map<String, String> asked = new LinkedHashMap<>();
    flat.forEach(
        (key, value) -> {
          if (key.startsWith("/asked/")) {
            asked.put(key.substring("/asked/".length()), value);
          }
        });
    List<Source> sources = new ArrayList<>();
    for (int i = 0; flat.containsKey("/sources/%d/table".formatted(i)); i++) {
      sources.add(source(flat, "/sources/%d".formatted(i)));
    }
    return new Checkpoint(
        text(flat, "/id"),
        asked,
        sources,
        new Place(
            (int) number(flat, "/at/source"),
            (int) number(flat, "/at/piece"),
            number(flat, "/at/row")),
        new Totals(
            number(flat, "/totals/acked"),
            number(flat, "/totals/rejected"),
            number(flat, "/totals/refused"),
            number(flat, "/totals/requests"),
            number(flat, "/totals/bytes")),
        Boolean.parseBoolean(text(flat, "/ended")));
  }

  private static Source source(Map<String, String> flat, String at) {
    Table table =
        Table.named(text(flat, at + "/table"))
            .orElseThrow(() -> new IllegalArgumentException("it names no table at " + at));
    List<String> kept = new ArrayList<>();
    for (int i = 0; flat.containsKey(at + "/kept/" + i); i++) {
      kept.add(text(flat, at + "/kept/" + i));
    }
    return new Source(table, kept, (int) number(flat, at + "/files"));
  }

  private static String text(Map<String, String> flat, String key) {
    String value = flat.get(key);
    if (value == null) {
      throw new IllegalArgumentException("it has no " + key);
    }
    return value;
  }

  private static long number(Map<String, String> flat, String key) {
    return Long.parseLong(text(flat, key)); // NumberFormatException is an IllegalArgumentException
  }

  /** Each value by its path. */
  private static void flatten(JsonParser in, String path, Map<String, String> flat)
      throws IOException {
    JsonToken token = in.currentToken();
    if (token == JsonToken.START_OBJECT) {
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        String name = in.currentName();
        in.nextToken();
        flatten(in, path + "/" + name, flat);
      }
    } else if (token == JsonToken.START_ARRAY) {
      for (int i = 0; in.nextToken() != JsonToken.END_ARRAY; i++) {
        flatten(in, path + "/" + i, flat);
      }
    } else if (token != null) {
      flat.put(path, in.getText());
    }
  }

  private CheckpointJson() {}
}
