package io.sluice.acceptor.decode;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.metrics.v1.Metric;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * A request as its records, each with what it belongs to, and as what is not stored. Compared by
 * serialized bytes, so that NaNs keep their bits.
 */
final class Flat {

  /**
   * A record; group, scope and metric without what is inside them (metric is empty elsewhere).
   *
   * @param dictionary the request's; null if there is none
   */
  record Entry(
      ByteString group,
      ByteString scope,
      ByteString metric,
      ByteString record,
      ByteString dictionary) {}

  /** The messages of an entry. */
  record Source(Message group, Message scope, Metric metric, Message record, Message dictionary) {

    Entry entry() {
      return new Entry(
          group.toByteString(),
          scope.toByteString(),
          metric.toByteString(),
          record.toByteString(),
          dictionary == null ? null : dictionary.toByteString());
    }
  }

  final Map<Table, List<Entry>> entries = new EnumMap<>(Table.class);
  final Map<Table, List<Source>> sources = new EnumMap<>(Table.class);
  final int levels;
  private Message dictionary;
  int tooDeep;
  int empty;

  Flat(int levels) {
    this.levels = levels;
    Table.all().forEach(table -> entries.put(table, new ArrayList<>()));
    Table.all().forEach(table -> sources.put(table, new ArrayList<>()));
  }

  static Flat of(Message request, int levels) {
    Flat flat = new Flat(levels);
    FieldDescriptor dictionary = request.getDescriptorForType().findFieldByName("dictionary");
    if (dictionary != null && request.hasField(dictionary)) {
      flat.dictionary = (Message) request.getField(dictionary);
    }
    for (Message group : children(request, 1)) {
      List<Message> scopes = children(group, 2);
      flat.empty += scopes.isEmpty() ? 1 : 0;
      Message bare = without(group, 2);
      scopes.forEach(scope -> flat.scope(bare, scope));
    }
    return flat;
  }

  private void scope(Message group, Message scope) {
    List<Message> inside = children(scope, 2);
    empty += inside.isEmpty() ? 1 : 0;
    Message bare = without(scope, 2);
    for (Message record : inside) {
      if (record instanceof Metric metric) {
        metric(group, bare, metric);
      } else {
        Table table =
            switch (record.getDescriptorForType().getName()) {
              case "Span" -> Table.TRACES;
              case "LogRecord" -> Table.LOGS;
              case "Profile" -> Table.PROFILES;
              default -> throw new IllegalArgumentException("no record: " + record);
            };
        add(table, group, bare, Metric.getDefaultInstance(), record);
      }
    }
  }

  private void metric(Message group, Message scope, Metric metric) {
    Table table =
        switch (metric.getDataCase()) {
          case GAUGE -> Table.METRICS_GAUGE;
          case SUM -> Table.METRICS_SUM;
          case HISTOGRAM -> Table.METRICS_HISTOGRAM;
          case EXPONENTIAL_HISTOGRAM -> Table.METRICS_EXPONENTIAL_HISTOGRAM;
          case SUMMARY -> Table.METRICS_SUMMARY;
          case DATA_NOT_SET -> null;
        };
    if (table == null) {
      empty++;
      return;
    }
    FieldDescriptor member =
        metric.getOneofFieldDescriptor(metric.getDescriptorForType().getOneofs().get(0));
    Message data = (Message) metric.getField(member);
    Metric bare = metric.toBuilder().setField(member, without(data, 1)).build();
    List<Message> points = children(data, 1);
    empty += points.isEmpty() ? 1 : 0;
    points.forEach(point -> add(table, group, scope, bare, point));
  }

  private void add(Table table, Message group, Message scope, Metric metric, Message record) {
    int depth =
        Math.max(Math.max(depth(group), depth(scope)), Math.max(depth(metric), depth(record)));
    if (Math.max(depth, dictionary == null ? 0 : depth(dictionary)) > levels) {
      tooDeep++;
      return;
    }
    Source source = new Source(group, scope, metric, record, dictionary);
    sources.get(table).add(source);
    entries.get(table).add(source.entry());
  }

  int size() {
    return entries.values().stream().mapToInt(List::size).sum();
  }

  /** AnyValues inside each other. */
  private static int depth(Message message) {
    int depth = 0;
    for (Object value : message.getAllFields().values()) {
      for (Object element : value instanceof List<?> list ? list : List.of(value)) {
        if (element instanceof Message inner) {
          depth = Math.max(depth, depth(inner));
        }
      }
    }
    return depth + (message instanceof AnyValue ? 1 : 0);
  }

  private static List<Message> children(Message message, int number) {
    List<Message> children = new ArrayList<>();
    FieldDescriptor field = message.getDescriptorForType().findFieldByNumber(number);
    for (Object child : (List<?>) message.getField(field)) {
      children.add((Message) child);
    }
    return children;
  }

  private static Message without(Message message, int number) {
    return message.toBuilder()
        .clearField(message.getDescriptorForType().findFieldByNumber(number))
        .build();
  }
}
