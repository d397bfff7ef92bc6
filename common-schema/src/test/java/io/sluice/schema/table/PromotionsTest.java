package io.sluice.schema.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.arrow.vector.types.pojo.ArrowType;
import org.apache.arrow.vector.types.pojo.Field;
import org.junit.jupiter.api.Test;

class PromotionsTest {

  private static final Promotion NAMESPACE =
      new Promotion(AttributeSource.RESOURCE, "k8s.namespace.name");
  private static final Promotion ROUTE = new Promotion(AttributeSource.RECORD, "http.route");
  private static final Promotion TIER = new Promotion(AttributeSource.SCOPE, "Tier-Nö \"x\"");

  @Test
  void columnIsNamedAfterItsAttribute() {
    assertThat(NAMESPACE.columnName()).isEqualTo("resource_k8s_namespace_name");
    assertThat(ROUTE.columnName()).isEqualTo("attribute_http_route");
    assertThat(TIER.columnName()).isEqualTo("scope_tier_n___x_");
    assertThat(NAMESPACE.column().meaning())
        .isEqualTo("the resource's attribute k8s.namespace.name, as resource_attributes has it");
  }

  @Test
  void promotedColumnsFollowTheTablesOwnAsOptionalStrings() {
    Promotions promotions = Promotions.of(List.of(ROUTE, NAMESPACE));
    List<Field> fields = promotions.arrow(Table.LOGS).getFields();
    int own = TableSchema.of(Table.LOGS).columns().size();
    assertThat(fields.subList(0, own)).isEqualTo(TableSchema.of(Table.LOGS).arrow().getFields());
    assertThat(fields.subList(own, fields.size()))
        .containsExactly(
            Field.nullable("attribute_http_route", new ArrowType.Utf8()),
            Field.nullable("resource_k8s_namespace_name", new ArrowType.Utf8()));
    assertThat(promotions.arrow(Table.LOGS, Set.of("resource_k8s_namespace_name", "body")))
        .extracting(schema -> schema.getFields().stream().map(Field::getName).toList())
        .isEqualTo(List.of("body", "resource_k8s_namespace_name"));
  }

  @Test
  void tableSaysInItsPropertiesWhatIsPromoted() {
    assertThat(Promotions.property(NAMESPACE) + " = " + NAMESPACE)
        .isEqualTo(
            "sluice.promoted.resource_k8s_namespace_name = resource_attributes:k8s.namespace.name");
    Map<String, String> properties =
        Map.of(
            Promotions.property(NAMESPACE),
            NAMESPACE.toString(),
            Promotions.property(ROUTE),
            ROUTE.toString(),
            Promotions.property(TIER),
            TIER.toString(),
            "sluice.promoted.other",
            ROUTE.toString(),
            "sluice.promoted.resource_",
            "resource_attributes:",
            "sluice.promoted.x",
            "x",
            "sluice.format",
            "1");
    assertThat(Promotions.in(properties).all()).containsExactly(ROUTE, NAMESPACE, TIER);
    assertThat(Promotions.in(properties).ofColumns(List.of("b", NAMESPACE.columnName())).all())
        .containsExactly(NAMESPACE);
  }

  @Test
  void nameThatACertainTableHasAnywayIsRefused() {
    assertThatThrownBy(() -> promote(AttributeSource.RESOURCE, "schema.url"))
        .hasMessage(
            "cannot promote resource_attributes:schema.url: its column would be"
                + " resource_schema_url, which traces has (take it out)");
    assertThatThrownBy(() -> promote(AttributeSource.RECORD, "Types"))
        .hasMessageContaining("attribute_types");
  }

  @Test
  void twoKeysThatWouldBeOneColumnAreRefused() {
    assertThatThrownBy(() -> promote(AttributeSource.RECORD, "http.route", "http-route"))
        .hasMessage(
            "cannot promote attributes:http-route: its column would be attribute_http_route,"
                + " and so would that of attributes:http.route (take one out)");
  }

  private static Promotions promote(AttributeSource source, String... keys) {
    return Promotions.of(List.of(keys).stream().map(key -> new Promotion(source, key)).toList());
  }
}
