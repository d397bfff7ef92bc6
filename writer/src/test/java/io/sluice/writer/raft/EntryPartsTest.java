package io.sluice.writer.raft;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.ratis.thirdparty.com.google.protobuf.ByteString;
import org.junit.jupiter.api.Test;

final class EntryPartsTest {

  private static final int MOST = 32;
  private static final ByteString FIRST = ByteString.copyFromUtf8("a".repeat(20));
  private static final ByteString SECOND = ByteString.copyFromUtf8("b".repeat(20));

  private final EntryParts parts = new EntryParts();
  private final List<ByteString> first = EntryParts.split(FIRST.concat(FIRST), MOST, 1);
  private final List<ByteString> second = EntryParts.split(SECOND.concat(SECOND), MOST, 2);

  @Test
  void partsThatFollowEachOtherAreTheWhole() throws Exception {
    assertThat(parts.add(first.get(0), 1)).isNull();
    assertThat(parts.add(first.get(1), 1)).isNull();
    assertThat(parts.add(first.get(2), 1)).isEqualTo(FIRST.concat(FIRST));
    assertThat(parts.hasBegun()).isFalse();
  }

  /** Ratis refused the others: too much was on its way. */
  @Test
  void theEndOfAnotherRecordIsNotTheEndOfThisOne() throws Exception {
    assertThat(parts.add(first.get(0), 1)).isNull();
    assertThat(parts.add(second.get(1), 1)).isNull();
    assertThat(parts.add(second.get(2), 1)).isNull();
    assertThat(parts.add(first.get(2), 1)).isNull();
  }

  @Test
  void partsOfTwoTermsAreNoRecord() throws Exception {
    assertThat(parts.add(first.get(0), 1)).isNull();
    assertThat(parts.add(first.get(1), 2)).isNull();
    assertThat(parts.add(first.get(2), 2)).isNull();
  }

  @Test
  void aRecordStaysBegunOverAnEntryOfTheSameTermOnly() throws Exception {
    assertThat(parts.add(first.get(0), 1)).isNull();
    parts.pass(1);
    assertThat(parts.hasBegun()).isTrue();
    parts.pass(2);
    assertThat(parts.hasBegun()).isFalse();
  }
}
