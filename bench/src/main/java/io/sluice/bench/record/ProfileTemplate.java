package io.sluice.bench.record;

import static io.sluice.bench.record.Vocabulary.pick;

import io.opentelemetry.proto.collector.profiles.v1development.ExportProfilesServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.profiles.v1development.Function;
import io.opentelemetry.proto.profiles.v1development.KeyValueAndUnit;
import io.opentelemetry.proto.profiles.v1development.Line;
import io.opentelemetry.proto.profiles.v1development.Link;
import io.opentelemetry.proto.profiles.v1development.Location;
import io.opentelemetry.proto.profiles.v1development.Mapping;
import io.opentelemetry.proto.profiles.v1development.Profile;
import io.opentelemetry.proto.profiles.v1development.ProfilesDictionary;
import io.opentelemetry.proto.profiles.v1development.ResourceProfiles;
import io.opentelemetry.proto.profiles.v1development.Sample;
import io.opentelemetry.proto.profiles.v1development.ScopeProfiles;
import io.opentelemetry.proto.profiles.v1development.Stack;
import io.opentelemetry.proto.profiles.v1development.ValueType;
import io.sluice.schema.table.Signal;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Profiles of some seconds of a service each, of a few stacks that all of a request share. The key
 * is an attribute, as everywhere, and so an entry of the dictionary for each profile.
 */
final class ProfileTemplate {

  private static final int PROFILES_PER_RESOURCE = 4;
  private static final int STACKS = 40;
  private static final int DEPTH = 12;
  private static final long SECONDS = 5_000_000_000L;
  private static final List<String> WORDS =
      List.of("", RunKeys.ATTRIBUTE, "cpu", "nanoseconds", "alloc_space", "bytes", "libjvm.so");

  private final Words words;
  private final RandomGenerator random;
  private final int profiles;

  ProfileTemplate(Words words, int profiles) {
    this.words = words;
    this.random = words.random();
    this.profiles = profiles;
  }

  Template build() {
    ExportProfilesServiceRequest.Builder request =
        ExportProfilesServiceRequest.newBuilder().setDictionary(dictionary());
    for (int first = 0; first < profiles; first += PROFILES_PER_RESOURCE) {
      ResourceProfiles.Builder group =
          request.addResourceProfilesBuilder().setResource(Vocabulary.resource(words));
      ScopeProfiles.Builder scope = group.addScopeProfilesBuilder();
      scope.setScope(Vocabulary.scope(random));
      for (int i = first; i < Math.min(first + PROFILES_PER_RESOURCE, profiles); i++) {
        scope.addProfiles(profile(i));
      }
    }
    return Template.of(new Shape(Signal.PROFILES, profiles), request.build());
  }

  private Profile profile(int ordinal) {
    ValueType type =
        pick(List.of(type("cpu", "nanoseconds"), type("alloc_space", "bytes")), random);
    Profile.Builder profile =
        Profile.newBuilder()
            .setSampleType(type)
            .setTimeUnixNano(Slot.START.fixed64(ordinal))
            .setDurationNano(SECONDS)
            .setPeriodType(type("cpu", "nanoseconds"))
            .setPeriod(10_000_000)
            .setProfileId(Slot.TRACE.bytes(ordinal))
            .addAttributeIndices(1 + ordinal);
    for (int i = 0; i < 20; i++) {
      profile.addSamples(
          Sample.newBuilder()
              .setStackIndex(1 + random.nextInt(STACKS))
              .addValues(10_000_000L * (1 + random.nextInt(50))));
    }
    return profile.build();
  }

  private static ValueType type(String type, String unit) {
    return ValueType.newBuilder()
        .setTypeStrindex(WORDS.indexOf(type))
        .setUnitStrindex(WORDS.indexOf(unit))
        .build();
  }

  private ProfilesDictionary dictionary() {
    ProfilesDictionary.Builder all =
        ProfilesDictionary.newBuilder()
            .addAllStringTable(WORDS)
            .addMappingTable(Mapping.getDefaultInstance())
            .addMappingTable(Mapping.newBuilder().setFilenameStrindex(WORDS.indexOf("libjvm.so")))
            .addLocationTable(Location.getDefaultInstance())
            .addFunctionTable(Function.getDefaultInstance())
            .addLinkTable(Link.getDefaultInstance())
            .addAttributeTable(KeyValueAndUnit.getDefaultInstance())
            .addStackTable(Stack.getDefaultInstance());
    for (int i = 0; i < profiles; i++) {
      all.addAttributeTable(
              KeyValueAndUnit.newBuilder()
                  .setKeyStrindex(WORDS.indexOf(RunKeys.ATTRIBUTE))
                  .setValue(
                      AnyValue.newBuilder().setStringValueStrindex(all.getStringTableCount())))
          .addStringTable(Slot.KEY.text(i));
    }
    for (int i = 1; i <= STACKS; i++) {
      all.addFunctionTable(Function.newBuilder().setNameStrindex(all.getStringTableCount()))
          .addStringTable("com.example.shop." + pick(Vocabulary.TABLES, random) + ".Frame" + i)
          .addLocationTable(
              Location.newBuilder()
                  .setMappingIndex(1)
                  .setAddress(0x7f00_0000_0000L + random.nextInt())
                  .addLines(Line.newBuilder().setFunctionIndex(i).setLine(random.nextInt(900))));
    }
    for (int i = 0; i < STACKS; i++) {
      Stack.Builder stack = Stack.newBuilder();
      for (int frame = 0; frame < DEPTH; frame++) {
        stack.addLocationIndices(1 + random.nextInt(STACKS));
      }
      all.addStackTable(stack);
    }
    return all.build();
  }
}
