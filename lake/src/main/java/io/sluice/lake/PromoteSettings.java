package io.sluice.lake;

import io.sluice.schema.service.Parsers;
import io.sluice.schema.service.Settings;
import io.sluice.schema.table.AttributeSource;
import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import java.util.ArrayList;
import java.util.List;

/** Reads from the settings which attributes get columns of their own. */
final class PromoteSettings {

  /** Problems stay in the settings. */
  static Promotions from(Settings settings) {
    List<Promotion> all = new ArrayList<>();
    add(
        all,
        AttributeSource.RESOURCE,
        settings.get(
            "promote.resource",
            "",
            Parsers::list,
            "keys of resource attributes that get columns of their own: key, ..."));
    add(
        all,
        AttributeSource.SCOPE,
        settings.get("promote.scope", "", Parsers::list, "the same of scope attributes"));
    add(
        all,
        AttributeSource.RECORD,
        settings.get(
            "promote.attributes",
            "",
            Parsers::list,
            "the same of the attributes of spans, log records and data points"));
    try {
      return Promotions.of(all);
    } catch (IllegalArgumentException e) {
      settings.require(false, String.valueOf(e.getMessage()));
      return Promotions.NONE;
    }
  }

  private static void add(List<Promotion> all, AttributeSource source, List<String> keys) {
    keys.forEach(key -> all.add(new Promotion(source, key)));
  }

  private PromoteSettings() {}
}
