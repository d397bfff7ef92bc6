package io.sluice.acceptor.decode;

import io.sluice.acceptor.decode.CommonTags.AnyValue;
import io.sluice.acceptor.decode.CommonTags.ArrayValue;
import io.sluice.acceptor.decode.CommonTags.KeyValue;
import io.sluice.acceptor.decode.CommonTags.KeyValueList;
import io.sluice.acceptor.decode.ProfileTags.KeyValueAndUnit;
import io.sluice.acceptor.decode.ProfileTags.Location;
import io.sluice.acceptor.decode.ProfileTags.Mapping;
import io.sluice.acceptor.decode.ProfileTags.ProfilesDictionary;
import io.sluice.acceptor.decode.ProfileTags.Sample;
import io.sluice.acceptor.decode.ProfileTags.Stack;

/** What of profiles is kept as bytes alone. */
final class ProfileShapes {

  static final Shape SAMPLE =
      new Shape()
          .with(Sample.ATTRIBUTE_INDICES, Shape.VARINTS)
          .with(Sample.VALUES, Shape.VARINTS)
          .with(Sample.TIMESTAMPS_UNIX_NANO, Shape.FIXED64S);

  static final Shape ANY_VALUE = new Shape();

  private static final Shape KEY_VALUE = new Shape().with(KeyValue.VALUE, ANY_VALUE);

  private static final Shape LOCATION =
      new Shape().with(Location.LINES, Shape.FLAT).with(Location.ATTRIBUTE_INDICES, Shape.VARINTS);

  /** Without the strings: they are as they are. */
  static final Shape DICTIONARY =
      new Shape()
          .with(
              ProfilesDictionary.MAPPING_TABLE,
              new Shape().with(Mapping.ATTRIBUTE_INDICES, Shape.VARINTS))
          .with(ProfilesDictionary.LOCATION_TABLE, LOCATION)
          .with(ProfilesDictionary.FUNCTION_TABLE, Shape.FLAT)
          .with(ProfilesDictionary.LINK_TABLE, Shape.FLAT)
          .with(
              ProfilesDictionary.ATTRIBUTE_TABLE,
              new Shape().with(KeyValueAndUnit.VALUE, ANY_VALUE))
          .with(
              ProfilesDictionary.STACK_TABLE,
              new Shape().with(Stack.LOCATION_INDICES, Shape.VARINTS));

  static {
    ANY_VALUE
        .with(AnyValue.ARRAY_VALUE, new Shape().with(ArrayValue.VALUES, ANY_VALUE))
        .with(AnyValue.KVLIST_VALUE, new Shape().with(KeyValueList.VALUES, KEY_VALUE));
  }

  private ProfileShapes() {}
}
