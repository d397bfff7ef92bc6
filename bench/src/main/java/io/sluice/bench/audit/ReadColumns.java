package io.sluice.bench.audit;

import io.sluice.schema.table.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * The columns of a table that are read.
 *
 * @param keys of the key
 * @param time of the record's own time
 * @param name of its name
 */
record ReadColumns(List<String> keys, String time, String name) {

  static final String SERVICE = "service_name";

  static ReadColumns of(Table table) {
    return switch (table.signal()) {
      case TRACES ->
          new ReadColumns(List.of("trace_id", "span_id"), "start_time_unix_nano", "name");
      case LOGS -> new ReadColumns(List.of("attributes"), "time_unix_nano", "severity_text");
      case METRICS -> new ReadColumns(List.of("attributes"), "time_unix_nano", "metric_name");
      case PROFILES -> new ReadColumns(List.of("attributes"), "time_unix_nano", "sample_type");
    };
  }

  List<String> all() {
    List<String> all = new ArrayList<>(keys);
    all.addAll(List.of(time, SERVICE, name));
    return all;
  }
}
