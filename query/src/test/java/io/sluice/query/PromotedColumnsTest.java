package io.sluice.query;

import static org.assertj.core.api.Assertions.assertThat;

import io.sluice.lake.Lake;
import io.sluice.lake.LakeConfig;
import io.sluice.schema.table.AttributeSource;
import io.sluice.schema.table.Promotion;
import io.sluice.schema.table.Promotions;
import io.sluice.schema.table.Table;
import java.nio.file.Path;
import java.time.Clock;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Attributes with columns of their own, as the table says itself. */
final class PromotedColumnsTest {

  private static final Promotion ZONE = new Promotion(AttributeSource.RESOURCE, "zone");
  private static final Promotion ROUTE = new Promotion(AttributeSource.RECORD, "http.route");
  private static final Promotions BOTH = Promotions.of(List.of(ROUTE, ZONE));

  @TempDir private Path directory;
  private Reading reading;

  @BeforeEach
  void open() throws Exception {
    reading = new Reading(directory);
  }

  @AfterEach
  void close() throws Exception {
    reading.close();
  }

  private LakeConfig promoting() {
    return reading.lake.config().with(BOTH);
  }

  @Test
  void promotedColumnIsReadInHotRowsAndInFilesAndIsNullInOlderFiles() throws Exception {
    reading.lake.ensureTables("default");
    reading.persist(Table.TRACES, 0, 1, List.of(row("old", null, null)));
    try (Lake lake = Lake.open(promoting(), Clock.systemUTC())) {
      lake.table("default", Table.TRACES).promote();
    }
    reading.persist(Table.TRACES, 1, 2, List.of(row("new", "/cart", "north")));
    reading.writer.promotes(BOTH);
    reading.writer.add(Table.TRACES, 3, row("hot", null, ""));
    assertThat(
            reading.csv("SELECT name, resource_zone, attribute_http_route FROM traces ORDER BY 1"))
        .isEqualTo("name,resource_zone,attribute_http_route\nhot,\"\",\nnew,north,/cart\nold,,\n");
    assertThat(reading.writer.tickets.get(0).columns())
        .containsExactly("name", "attribute_http_route", "resource_zone");
    assertThat(reading.csv("SELECT * EXCLUDE (time) FROM traces WHERE RESOURCE_ZONE = 'north'"))
        .contains("/cart");
  }

  @Test
  void columnsThatAreMovedInTheTableAreReadAlsoFromAWriterThatDoesNotKnowYet() throws Exception {
    try (Lake lake = Lake.open(promoting(), Clock.systemUTC())) {
      lake.ensureTables("default");
    }
    reading
        .iceberg(Table.TRACES)
        .updateSchema()
        .moveBefore("resource_zone", "attribute_http_route")
        .commit();
    reading.writer.promotes(BOTH);
    reading.writer.add(Table.TRACES, 1, row("hot", "/cart", "north"));
    assertThat(reading.value("SELECT resource_zone, attribute_http_route FROM traces"))
        .isEqualTo("north,/cart");
  }

  @Test
  void tableThatIsNotMadeYetHasThoseOfTheSettings() throws Exception {
    reading.writer.promotes(BOTH);
    reading.writer.add(Table.TRACES, 1, row("hot", "/cart", "north"));
    try (Lake lake = Lake.open(promoting(), Clock.systemUTC())) {
      TableReader tables = new TableReader(lake, reading.writers, reading.allocator, false);
      StringBuilder out = new StringBuilder();
      try (SqlResult result =
          reading.session.run("SELECT resource_zone FROM traces", tables, "default")) {
        ResultFormat.CSV.write(result, out);
      }
      assertThat(out).hasToString("resource_zone\nnorth\n");
    }
  }

  private static Map<String, Object> row(String name, String route, String zone) {
    Map<String, Object> row = new HashMap<>();
    row.put("time", TestRows.NOON);
    row.put("name", name);
    row.put("attribute_http_route", route);
    row.put("resource_zone", zone);
    return row;
  }
}
