package io.sluice.schema.wire;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.sluice.schema.table.Table;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a reader asks of a Writer, as JSON so that any Flight client can speak it. All but {@code
 * table} is optional.
 *
 * <pre>
 * {"v":1,"tenant":"default","table":"traces","after":{"&lt;log-id&gt;":123},
 *  "columns":["time","name"],"from":"2026-11-22T00:00:00Z","to":"...","follow":false,
 *  "log":"&lt;log-id&gt;","allow_partial":false}
 * </pre>
 *
 * @param after the position, per log, that the reader has the rows up to; absent = 0
 * @param columns null = all
 * @param from rows whose time is at or after it
 * @param to rows whose time is before it
 * @param follow go on with what arrives
 * @param log whose rows; null where the Writer has one log only
 * @param allowPartial take what a replica has that cannot tell whether it is all
 */
public record ReadTicket(
    String tenant,
    Table table,
    Map<UUID, Long> after,
    @Nullable List<String> columns,
    @Nullable Instant from,
    @Nullable Instant to,
    boolean follow,
    @Nullable UUID log,
    boolean allowPartial) {

  public static final int VERSION = 1;
  public static final String DEFAULT_TENANT = "default";
  private static final JsonFactory JSON = new JsonFactory();

  /** Of the only log that a Writer has. */
  public ReadTicket(
      String tenant,
      Table table,
      Map<UUID, Long> after,
      @Nullable List<String> columns,
      @Nullable Instant from,
      @Nullable Instant to,
      boolean follow) {
    this(tenant, table, after, columns, from, to, follow, null, false);
  }

  public static ReadTicket of(Table table) {
    return new ReadTicket(DEFAULT_TENANT, table, Map.of(), null, null, null, false);
  }

  /** The same with other positions. */
  public ReadTicket with(Map<UUID, Long> positions) {
    return new ReadTicket(tenant, table, positions, columns, from, to, follow, log, allowPartial);
  }

  /** The same for one of a Writer's logs. */
  public ReadTicket of(UUID oneLog) {
    return new ReadTicket(tenant, table, after, columns, from, to, follow, oneLog, allowPartial);
  }

  /**
   * @throws MalformedMessageException not JSON, an unknown key, table or version, a wrong type
   */
  public static ReadTicket parse(byte[] json) throws MalformedMessageException {
    try (JsonParser in = JSON.createParser(json)) {
      if (in.nextToken() != JsonToken.START_OBJECT) {
        throw new MalformedMessageException("cannot read ticket: not a JSON object");
      }
      Parts parts = new Parts();
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        parts.field(in);
      }
      if (in.nextToken() != null) {
        throw new MalformedMessageException("cannot read ticket: text after the JSON object");
      }
      return parts.ticket();
    } catch (IOException | DateTimeParseException | IllegalArgumentException e) {
      throw new MalformedMessageException("cannot read ticket: " + e.getMessage());
    }
  }

  public byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("v", VERSION);
      out.writeStringField("tenant", tenant);
      out.writeStringField("table", table.tableName());
      out.writeObjectFieldStart("after");
      for (Map.Entry<UUID, Long> mark : after.entrySet()) {
        out.writeNumberField(mark.getKey().toString(), mark.getValue());
      }
      out.writeEndObject();
      if (columns != null) {
        out.writeArrayFieldStart("columns");
        for (String column : columns) {
          out.writeString(column);
        }
        out.writeEndArray();
      }
      if (from != null) {
        out.writeStringField("from", from.toString());
      }
      if (to != null) {
        out.writeStringField("to", to.toString());
      }
      out.writeBooleanField("follow", follow);
      if (log != null) {
        out.writeStringField("log", log.toString());
      }
      if (allowPartial) {
        out.writeBooleanField("allow_partial", true);
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write ticket", e);
    }
    return bytes.toByteArray();
  }

  /** The fields as they come. */
  private static final class Parts {
    private String tenant = DEFAULT_TENANT;
    private @Nullable Table table;
    private final Map<UUID, Long> after = new LinkedHashMap<>();
    private @Nullable List<String> columns;
    private @Nullable Instant from;
    private @Nullable Instant to;
    private boolean follow;
    private @Nullable UUID log;
    private boolean allowPartial;

    void field(JsonParser in) throws IOException, MalformedMessageException {
      String name = in.currentName();
      JsonToken value = in.nextToken();
      if (value == JsonToken.VALUE_NULL) {
        return;
      }
      switch (name) {
        case "v" -> version(in.getIntValue());
        case "tenant" -> tenant = text(in, name);
        case "table" -> {
          String asked = text(in, name);
          table =
              Table.named(asked)
                  .orElseThrow(
                      () ->
                          new MalformedMessageException(
                              "cannot read table: %s (tables are %s)"
                                  .formatted(asked, Table.all())));
        }
        case "after" -> after(in);
        case "columns" -> columns = strings(in);
        case "from" -> from = OffsetDateTime.parse(text(in, name)).toInstant();
        case "to" -> to = OffsetDateTime.parse(text(in, name)).toInstant();
        case "follow" -> follow = in.getBooleanValue();
        case "log" -> log = UUID.fromString(text(in, name));
        case "allow_partial" -> allowPartial = in.getBooleanValue();
        default -> throw new MalformedMessageException("cannot read ticket: unknown key " + name);
      }
    }

    ReadTicket ticket() throws MalformedMessageException {
      if (table == null) {
        throw new MalformedMessageException(
            "cannot read ticket: no table (tables are %s)".formatted(Table.all()));
      }
      return new ReadTicket(tenant, table, after, columns, from, to, follow, log, allowPartial);
    }

    private static void version(int version) throws MalformedMessageException {
      if (version != VERSION) {
        throw new MalformedMessageException(
            "cannot read ticket: version %d (this Writer reads %d)".formatted(version, VERSION));
      }
    }

    private void after(JsonParser in) throws IOException, MalformedMessageException {
      expect(in, JsonToken.START_OBJECT, "after");
      while (in.nextToken() == JsonToken.FIELD_NAME) {
        UUID log = UUID.fromString(in.currentName());
        JsonToken value = in.nextToken();
        after.put(
            log,
            value == JsonToken.VALUE_STRING ? Long.parseLong(in.getText()) : in.getLongValue());
      }
    }

    private static List<String> strings(JsonParser in)
        throws IOException, MalformedMessageException {
      expect(in, JsonToken.START_ARRAY, "columns");
      List<String> strings = new ArrayList<>();
      while (in.nextToken() != JsonToken.END_ARRAY) {
        strings.add(text(in, "columns"));
      }
      return strings;
    }

    private static String text(JsonParser in, String name)
        throws IOException, MalformedMessageException {
      expect(in, JsonToken.VALUE_STRING, name);
      return in.getText();
    }

    private static void expect(JsonParser in, JsonToken token, String name)
        throws MalformedMessageException {
      if (in.currentToken() != token) {
        throw new MalformedMessageException(
            "cannot read ticket: %s is %s".formatted(name, in.currentToken()));
      }
    }
  }
}
