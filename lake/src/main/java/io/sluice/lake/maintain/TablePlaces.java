package io.sluice.lake.maintain;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.iceberg.Table;
import org.apache.iceberg.TableProperties;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.SupportsNamespaces;
import org.apache.iceberg.catalog.TableIdentifier;
import org.jspecify.annotations.Nullable;

/**
 * Where all tables of a catalog keep their files, ours and others', as one look at it showed:
 * nothing may be taken for an orphan of one where another one has files.
 */
final class TablePlaces {

  /** The last two are of tables that older engines made. */
  private static final List<String> PROPERTIES =
      List.of(
          TableProperties.WRITE_DATA_LOCATION,
          TableProperties.WRITE_METADATA_LOCATION,
          "write.object-storage.path",
          "write.folder-storage.path");

  private final Map<TableIdentifier, List<String>> places;
  private final @Nullable String unknown;

  private TablePlaces(Map<TableIdentifier, List<String>> places, @Nullable String unknown) {
    this.places = places;
    this.unknown = unknown;
  }

  static TablePlaces of(Catalog catalog, @Nullable SupportsNamespaces namespaces) {
    Map<TableIdentifier, List<String>> places = new LinkedHashMap<>();
    String unknown = null;
    List<Namespace> all = new ArrayList<>();
    if (namespaces == null) {
      unknown = "the catalog does not list its namespaces";
    } else {
      namespaces.listNamespaces().forEach(top -> add(top, namespaces, all));
    }
    for (Namespace namespace : all) {
      for (TableIdentifier id : catalog.listTables(namespace)) {
        try {
          places.put(id, places(catalog.loadTable(id)));
        } catch (RuntimeException e) {
          unknown = "table %s cannot be loaded (%s)".formatted(id, e.getMessage());
        }
      }
    }
    return new TablePlaces(places, unknown);
  }

  /** Some servers that have no inner ones list the same, whoever's are asked for. */
  private static void add(Namespace namespace, SupportsNamespaces in, List<Namespace> into) {
    into.add(namespace);
    for (Namespace inner : in.listNamespaces(namespace)) {
      if (inner.length() > namespace.length()) {
        add(inner, in, into);
      }
    }
  }

  private static List<String> places(Table table) {
    List<String> places = new ArrayList<>(List.of(plain(table.location())));
    PROPERTIES.stream()
        .map(table.properties()::get)
        .filter(Objects::nonNull)
        .map(TablePlaces::plain)
        .forEach(places::add);
    return places;
  }

  /** Why files at that place may be another table's; empty if all that is there is the table's. */
  Optional<String> doubt(TableIdentifier id, String location) {
    if (unknown != null) {
      return Optional.of("it is not known where all tables are: " + unknown);
    }
    String ours = plain(location);
    return places.entrySet().stream()
        .filter(other -> !other.getKey().equals(id))
        .filter(other -> other.getValue().stream().anyMatch(place -> place.startsWith(ours)))
        .map(other -> "table %s has files in %s, too".formatted(other.getKey(), location))
        .findFirst();
  }

  /** Without the scheme and what ways of writing it differ in; ends in a slash. */
  private static String plain(String location) {
    return location
        .replaceFirst("^[a-zA-Z0-9+.-]+:", "")
        .replaceAll("/+", "/")
        .replaceFirst("/?$", "/");
  }
}
