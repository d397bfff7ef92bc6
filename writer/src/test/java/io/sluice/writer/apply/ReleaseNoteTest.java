package io.sluice.writer.apply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.sluice.schema.table.Table;
import io.sluice.writer.buffer.TableKey;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ReleaseNoteTest {

  private static final ReleaseNote NOTE =
      new ReleaseNote(
          77,
          new Window.Limits(900_000_000, 2_000_000),
          List.of(
              new ReleasedTables.Entry(
                  new TableKey("default", Table.TRACES), new UUID(0x1122, 0x3344), 80),
              new ReleasedTables.Entry(
                  new TableKey("acme", Table.METRICS_SUM), new UUID(0, 0), 1L << 40)));

  /** As the first release wrote it: logs hold notes for as long as they are not released. */
  private static final String FIXTURE =
      "01000000"
          + "80841e00"
          + "00e9a43500000000"
          + "4d00000000000000"
          + "02000000"
          + ("2211000000000000" + "4433000000000000" + "5000000000000000")
          + ("0700" + "0600" + "64656661756c74" + "747261636573")
          + ("0000000000000000" + "0000000000000000" + "0000000000010000")
          + ("0400" + "0b00" + "61636d65" + "6d6574726963735f73756d");

  @Test
  void bytesAreThoseOfTheFixture() {
    assertThat(HexFormat.of().formatHex(NOTE.encode().array())).isEqualTo(FIXTURE);
    assertThat(ReleaseNote.decode(ByteBuffer.wrap(HexFormat.of().parseHex(FIXTURE))))
        .isEqualTo(NOTE);
  }

  /** A replica that made something else of it would decide otherwise than the others. */
  @Test
  void whatIsNotANoteOfThisVersionIsRefused() {
    byte[] good = NOTE.encode().array();
    for (int length = 0; length < good.length; length++) {
      byte[] cut = Arrays.copyOf(good, length);
      assertThatThrownBy(() -> ReleaseNote.decode(ByteBuffer.wrap(cut)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(
            () -> ReleaseNote.decode(ByteBuffer.wrap(Arrays.copyOf(good, good.length + 1))))
        .hasMessageContaining("1 bytes are left over");
    byte[] newer = good.clone();
    newer[0] = 2;
    assertThatThrownBy(() -> ReleaseNote.decode(ByteBuffer.wrap(newer)))
        .hasMessageContaining("its version is 2, expected 1");
    byte[] unknown = good.clone();
    unknown[good.length - 1] = 'x';
    assertThatThrownBy(() -> ReleaseNote.decode(ByteBuffer.wrap(unknown)))
        .hasMessageContaining("table metrics_sux");
  }
}
