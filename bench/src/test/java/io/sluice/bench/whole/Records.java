package io.sluice.bench.whole;

import com.google.protobuf.ByteString;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.Message;
import io.sluice.schema.table.Signal;
import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A request as its records, each with what it hangs below, and the counts of what is not stored.
 * Compared by their serialized bytes, so that NaNs keep their bits.
 */
final class Records {

  /**
   * A record; group, scope and metric without what is inside them. No metric: empty. A profile has
   * its request's dictionary there.
   */
  record Entry(
      Table table, ByteString group, ByteString scope, ByteString metric, ByteString record) {}

  private static final ByteString NO_METRIC = ByteString.EMPTY;

  /** What a group, its scopes and a metric's data keep what hangs below them in. */
  private static final int SCOPES = 2;

  private static final int RECORDS = 2;
  private static final int POINTS = 1;

  private final Signal signal;
  private final int levels;
  private final List<Entry> entries = new ArrayList<>();
  private final List<Message> messages = new ArrayList<>();
  private final Set<Message> parts = Collections.newSetFromMap(new IdentityHashMap<>());
  private @Nullable Message dictionary;
  private int tooDeep;
  private int empty;

  private Records(Signal signal, int levels) {
    this.signal = signal;
    this.levels = levels;
  }

  /**
   * Takes a request apart.
   *
   * @param levels AnyValues inside each other beyond which a record is not stored
   */
  static Records of(Signal signal, DynamicMessage request, int levels) {
    Records records = new Records(signal, levels);
    FieldDescriptor dictionary = request.getDescriptorForType().findFieldByName("dictionary");
    if (dictionary != null && request.hasField(dictionary)) {
      records.dictionary = (Message) request.getField(dictionary);
    }
    for (Message group : children(request, 1)) {
      List<Message> scopes = children(group, SCOPES);
      records.empty += scopes.isEmpty() ? 1 : 0;
      Message bare = without(group, SCOPES);
      scopes.forEach(scope -> records.scope(bare, scope));
    }
    return records;
  }

  List<Entry> entries() {
    return entries;
  }

  /** The records themselves, in the order of the entries. */
  List<Message> messages() {
    return messages;
  }

  /** Records, and what they hang below without what is inside: what has a raw column each. */
  Set<Message> parts() {
    return parts;
  }

  int tooDeep() {
    return tooDeep;
  }

  int empty() {
    return empty;
  }

  private void scope(Message group, Message scope) {
    List<Message> inside = children(scope, RECORDS);
    empty += inside.isEmpty() ? 1 : 0;
    Message bare = without(scope, RECORDS);
    for (Message record : inside) {
      switch (signal) {
        case TRACES -> add(Table.TRACES, group, bare, null, record);
        case LOGS -> add(Table.LOGS, group, bare, null, record);
        case METRICS -> metric(group, bare, record);
        case PROFILES -> add(Table.PROFILES, group, bare, dictionary, record);
      }
    }
  }

  private void metric(Message group, Message scope, Message metric) {
    FieldDescriptor data =
        metric.getOneofFieldDescriptor(metric.getDescriptorForType().getOneofs().get(0));
    if (data == null) {
      empty++;
      return;
    }
    Table table = Table.named("metrics_" + data.getName()).orElseThrow();
    Message container = (Message) metric.getField(data);
    Message bare = metric.toBuilder().setField(data, without(container, POINTS)).build();
    List<Message> points = children(container, POINTS);
    empty += points.isEmpty() ? 1 : 0;
    points.forEach(point -> add(table, group, scope, bare, point));
  }

  private void add(
      Table table, Message group, Message scope, @Nullable Message metric, Message record) {
    int depth = Math.max(Math.max(depth(group), depth(scope)), depth(record));
    if (Math.max(depth, metric == null ? 0 : depth(metric)) > levels) {
      tooDeep++;
      return;
    }
    messages.add(record);
    parts.addAll(List.of(group, scope, metric == null ? record : metric, record));
    entries.add(
        new Entry(
            table,
            group.toByteString(),
            scope.toByteString(),
            metric == null ? NO_METRIC : metric.toByteString(),
            record.toByteString()));
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

  private static Message without(Message message, int number) {
    return message.toBuilder()
        .clearField(message.getDescriptorForType().findFieldByNumber(number))
        .build();
  }
}
