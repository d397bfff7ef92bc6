package io.sluice.bench.fuzz;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * A parsed request as its records, and as what is not stored of it: what the tables must give back.
 * Compared by serialized bytes, so that NaNs keep their bits.
 */
final class OtlpRecords {

  /** A record; group, scope and metric without what is inside them (metric is empty elsewhere). */
  record Entry(ByteString group, ByteString scope, ByteString metric, ByteString record) {}

  /** An empty dictionary is not none. */
  private static final ByteString PRESENT = ByteString.copyFromUtf8("dictionary");

  private static final int GROUPS = 1;
  private static final int SCOPES = 2;
  private static final int RECORDS = 2;
  private static final int POINTS = 1;

  private final Map<Table, List<Entry>> entries = new EnumMap<>(Table.class);
  private final int levels;
  private Bare dictionary = Bare.NONE;
  private long rejected;
  private long empty;

  /**
   * @param levels a record with more AnyValues inside each other is rejected
   */
  OtlpRecords(Message request, int levels) {
    this.levels = levels;
    Table.all().forEach(table -> entries.put(table, new ArrayList<>()));
    FieldDescriptor field = request.getDescriptorForType().findFieldByName("dictionary");
    if (field != null && request.hasField(field)) {
      Message sent = (Message) request.getField(field);
      dictionary = new Bare(PRESENT.concat(sent.toByteString()), depth(sent, 0));
    }
    for (Message group : children(request, GROUPS)) {
      List<Message> scopes = children(group, SCOPES);
      empty += scopes.isEmpty() ? 1 : 0;
      Bare bare = new Bare(without(group, SCOPES), depth(group, SCOPES));
      scopes.forEach(scope -> scope(bare, scope));
    }
  }

  List<Entry> entries(Table table) {
    return Objects.requireNonNull(entries.get(table));
  }

  long size() {
    return entries.values().stream().mapToLong(List::size).sum();
  }

  /** Records nested deeper than the levels. */
  long rejected() {
    return rejected;
  }

  /** Groups without records, metrics without points. */
  long empty() {
    return empty;
  }

  /** What stands above records, as bytes, and how deep it is. */
  private record Bare(ByteString bytes, int depth) {
    static final Bare NONE = new Bare(ByteString.EMPTY, 0);
  }

  private void scope(Bare group, Message scope) {
    List<Message> inside = children(scope, RECORDS);
    empty += inside.isEmpty() ? 1 : 0;
    Bare bare = new Bare(without(scope, RECORDS), depth(scope, RECORDS));
    for (Message record : inside) {
      switch (record.getDescriptorForType().getName()) {
        case "Span" -> add(Table.TRACES, group, bare, Bare.NONE, record);
        case "LogRecord" -> add(Table.LOGS, group, bare, Bare.NONE, record);
        case "Profile" -> add(Table.PROFILES, group, bare, dictionary, record);
        default -> metric(group, bare, record);
      }
    }
  }

  private void metric(Bare group, Bare scope, Message metric) {
    FieldDescriptor kind =
        metric.getOneofFieldDescriptor(metric.getDescriptorForType().getOneofs().get(0));
    if (kind == null) {
      empty++;
      return;
    }
    Message kindOf = (Message) metric.getField(kind);
    List<Message> points = children(kindOf, POINTS);
    empty += points.isEmpty() ? 1 : 0;
    Message.Builder bare = metric.toBuilder();
    bare.setField(
        kind,
        kindOf.toBuilder()
            .clearField(kindOf.getDescriptorForType().findFieldByNumber(POINTS))
            .build());
    Bare above = new Bare(bare.build().toByteString(), depth(bare.build(), 0));
    Table table = Table.valueOf("METRICS_" + kind.getName().toUpperCase(java.util.Locale.ROOT));
    points.forEach(point -> add(table, group, scope, above, point));
  }

  private void add(Table table, Bare group, Bare scope, Bare metric, Message record) {
    int above = Math.max(group.depth, Math.max(scope.depth, metric.depth));
    if (Math.max(above, depth(record, 0)) > levels) {
      rejected++;
    } else {
      entries(table).add(new Entry(group.bytes, scope.bytes, metric.bytes, record.toByteString()));
    }
  }

  /** AnyValues inside each other, but for those in one field. */
  private static int depth(Message message, int without) {
    int depth = 0;
    for (Map.Entry<FieldDescriptor, Object> field : message.getAllFields().entrySet()) {
      if (field.getKey().getNumber() != without || !field.getKey().isRepeated()) {
        Object value = field.getValue();
        for (Object element : value instanceof List<?> list ? list : List.of(value)) {
          depth = element instanceof Message inner ? Math.max(depth, depth(inner, 0)) : depth;
        }
      }
    }
    return depth + (message.getDescriptorForType().getName().equals("AnyValue") ? 1 : 0);
  }

  private static List<Message> children(Message message, int number) {
    List<Message> children = new ArrayList<>();
    FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
    for (Object child : (List<?>) message.getField(field)) {
      children.add((Message) child);
    }
    return children;
  }

  private static ByteString without(Message message, int number) {
    return message.toBuilder()
        .clearField(message.getDescriptorForType().findFieldByNumber(number))
        .build()
        .toByteString();
  }
}
