package io.sluice.schema.slow;

import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.ScopeProfiles;
import io.opentelemetry.proto.profiles.v1development.ValueType;
import io.opentelemetry.proto.resource.v1.Resource;
import java.util.ArrayList;
import java.util.List;

/** Profiles as wire rows. */
final class SlowProfiles {

  static List<SlowRow> rows(ExportProfilesServiceRequest request) {
    List<SlowRow> rows = new ArrayList<>();
    SlowDictionary known = new SlowDictionary(request.getDictionary());
    SlowRow dictionary =
        new SlowRow()
            .with(
                "dictionary",
                request.hasDictionary() ? request.getDictionary().toByteString() : null);
    for (ResourceProfiles group : request.getResourceProfilesList()) {
      Resource resolved =
          group.getResource().toBuilder()
              .clearAttributes()
              .addAllAttributes(known.resolved(group.getResource().getAttributesList()))
              .build();
      SlowRow resource =
          SlowGroups.resource(
              group.hasResource() ? resolved : null,
              group.getSchemaUrl(),
              group.toBuilder().clearScopeProfiles().build());
      for (ScopeProfiles scoped : group.getScopeProfilesList()) {
        SlowRow scope =
            SlowGroups.scope(
                scoped.hasScope()
                    ? scoped.getScope().toBuilder()
                        .clearAttributes()
                        .addAllAttributes(known.resolved(scoped.getScope().getAttributesList()))
                        .build()
                    : null,
                scoped.getSchemaUrl(),
                scoped.toBuilder().clearProfiles().build());
        for (Profile profile : scoped.getProfilesList()) {
          rows.add(
              row(profile, known)
                  .with("resource", resource)
                  .with("scope", scope)
                  .with("dictionary", dictionary));
        }
      }
    }
    return rows;
  }

  private static SlowRow row(Profile profile, SlowDictionary known) {
    ValueType sample = profile.getSampleType();
    ValueType period = profile.getPeriodType();
    return new SlowRow()
        .with("profile_id", profile.getProfileId())
        .with("time_unix_nano", profile.getTimeUnixNano())
        .with("duration_nano", profile.getDurationNano())
        .with("sample_type", known.text(sample.getTypeStrindex()))
        .with("sample_unit", known.text(sample.getUnitStrindex()))
        .with("period_type", known.text(period.getTypeStrindex()))
        .with("period_unit", known.text(period.getUnitStrindex()))
        .with("period", profile.getPeriod())
        .with("sample_count", profile.getSamplesCount())
        .with("original_payload_format", profile.getOriginalPayloadFormat())
        .with("original_payload", profile.getOriginalPayload())
        .with("dropped_attributes_count", profile.getDroppedAttributesCount())
        .withAttributes(
            "attributes", "attribute_types", known.attributes(profile.getAttributeIndicesList()))
        .with("raw", profile.toByteString());
  }

  private SlowProfiles() {}
}
