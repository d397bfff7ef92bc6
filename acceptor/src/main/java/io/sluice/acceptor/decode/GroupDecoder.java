package io.sluice.acceptor.decode;

import io.sluice.acceptor.columns.BytesColumn;
import io.sluice.acceptor.columns.GroupColumns;
import io.sluice.acceptor.columns.ResourceColumns;
import io.sluice.acceptor.columns.ScopeColumns;
import io.sluice.acceptor.decode.CommonTags.EntityRef;
import io.sluice.acceptor.decode.CommonTags.InstrumentationScope;
import io.sluice.acceptor.decode.CommonTags.Resource;
import io.sluice.acceptor.decode.CommonTags.ResourceGroup;
import io.sluice.acceptor.decode.CommonTags.ScopeGroup;

/**
 * What stands above the records: Resource and InstrumentationScope with their schema URLs. Each may
 * come anywhere in its group, and in several parts, so it is read before the group's records.
 */
final class GroupDecoder {

  private final ProtoReader in;
  private final AttributeDecoder attributes;
  private final ValueDecoder values;
  private final GroupColumns group;

  GroupDecoder(
      ProtoReader in, AttributeDecoder attributes, ValueDecoder values, GroupColumns group) {
    this.in = in;
    this.attributes = attributes;
    this.values = values;
    this.group = group;
  }

  /**
   * Reads the resource of the ResourceSpans, -Logs, -Metrics or -Profiles; false if nested too
   * deep.
   */
  boolean resource(int from, int to) {
    try {
      readResource(from, to, group.nextResource());
      return true;
    } catch (TooDeepException e) {
      values.clear();
      absentResource(group.nextResource());
      return false;
    }
  }

  private void absentResource(ResourceColumns out) {
    endAbsentResource(out);
    attributes.text(0, out.schemaUrl);
    out.raw.addNull();
  }

  private static void endAbsentResource(ResourceColumns out) {
    out.attributes.addNullRow();
    out.droppedAttributesCount.addNull();
    out.entityRefs.addNull();
  }

  private void readResource(int from, int to, ResourceColumns out) {
    boolean present = false;
    int dropped = 0;
    long schemaUrl = 0;
    in.exact = true;
    in.at(from, to);
    while (in.next()) {
      switch (in.tag) {
        case ResourceGroup.RESOURCE -> {
          int outer = in.enter();
          dropped = resourceFields(dropped, out);
          in.leave(outer);
          present = true;
        }
        case ResourceGroup.SCOPE_GROUPS -> in.pass();
        case ResourceGroup.SCHEMA_URL -> schemaUrl = in.range();
        default -> in.skip();
      }
    }
    if (present) {
      attributes.end(out.attributes);
      out.droppedAttributesCount.add(dropped);
      out.entityRefs.endRow();
    } else {
      endAbsentResource(out);
    }
    attributes.text(schemaUrl, out.schemaUrl);
    rawWithout(from, to, ResourceGroup.SCOPE_GROUPS, out.raw);
  }

  private int resourceFields(int before, ResourceColumns out) {
    int dropped = before;
    while (in.next()) {
      switch (in.tag) {
        case Resource.ATTRIBUTES -> attributes.add(out.attributes);
        case Resource.DROPPED_ATTRIBUTES_COUNT -> dropped = in.int32();
        case Resource.ENTITY_REFS -> {
          int outer = in.enter();
          entityRef(out);
          in.leave(outer);
        }
        default -> in.skip();
      }
    }
    return dropped;
  }

  private void entityRef(ResourceColumns out) {
    long schemaUrl = 0;
    long type = 0;
    while (in.next()) {
      switch (in.tag) {
        case EntityRef.SCHEMA_URL -> schemaUrl = in.range();
        case EntityRef.TYPE -> type = in.range();
        case EntityRef.ID_KEYS -> attributes.text(in.range(), out.entityIdKey);
        case EntityRef.DESCRIPTION_KEYS -> attributes.text(in.range(), out.entityDescriptionKey);
        default -> in.skip();
      }
    }
    attributes.text(schemaUrl, out.entitySchemaUrl);
    attributes.text(type, out.entityType);
    out.entityIdKeys.endRow();
    out.entityDescriptionKeys.endRow();
  }

  /** Reads the scope of the ScopeSpans, -Logs, -Metrics or -Profiles; false if nested too deep. */
  boolean scope(int from, int to) {
    try {
      readScope(from, to, group.nextScope());
      return true;
    } catch (TooDeepException e) {
      values.clear();
      absentScope(group.nextScope());
      return false;
    }
  }

  private void absentScope(ScopeColumns out) {
    endAbsentScope(out);
    attributes.text(0, out.schemaUrl);
    out.raw.addNull();
  }

  private static void endAbsentScope(ScopeColumns out) {
    out.name.addNull();
    out.version.addNull();
    out.attributes.addNullRow();
    out.droppedAttributesCount.addNull();
  }

  private void readScope(int from, int to, ScopeColumns out) {
    boolean present = false;
    long name = 0;
    long version = 0;
    int dropped = 0;
    long schemaUrl = 0;
    in.exact = true;
    in.at(from, to);
    while (in.next()) {
      switch (in.tag) {
        case ScopeGroup.SCOPE -> {
          present = true;
          int outer = in.enter();
          while (in.next()) {
            switch (in.tag) {
              case InstrumentationScope.NAME -> name = in.range();
              case InstrumentationScope.VERSION -> version = in.range();
              case InstrumentationScope.ATTRIBUTES -> attributes.add(out.attributes);
              case InstrumentationScope.DROPPED_ATTRIBUTES_COUNT -> dropped = in.int32();
              default -> in.skip();
            }
          }
          in.leave(outer);
        }
        case ScopeGroup.RECORDS -> in.pass();
        case ScopeGroup.SCHEMA_URL -> schemaUrl = in.range();
        default -> in.skip();
      }
    }
    if (present) {
      attributes.text(name, out.name);
      attributes.text(version, out.version);
      attributes.end(out.attributes);
      out.droppedAttributesCount.add(dropped);
    } else {
      endAbsentScope(out);
    }
    attributes.text(schemaUrl, out.schemaUrl);
    rawWithout(from, to, ScopeGroup.RECORDS, out.raw);
  }

  /** Adds the message's bytes without the fields of one tag, unless the columns are exact. */
  private void rawWithout(int from, int to, int without, BytesColumn out) {
    if (in.exact) {
      out.addNull();
      return;
    }
    in.at(from, to);
    int field = in.pos;
    while (in.next()) {
      int tag = in.tag;
      in.pass();
      if (tag != without) {
        BytesColumn.append(out.data(), in.buf, field, in.pos - field);
      }
      field = in.pos;
    }
    out.endValue();
  }
}
