package io.sluice.schema.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

class PutAnswerTest {

  /** As releases before the want sent it, and read it: two bytes that nobody looks at. */
  private static final String WITHOUT_WANT =
      "01010000" + "00000000" + "0700000000000000" + "f4010000" + "66756c6c";

  @Test
  void refusalOfAnOlderWriterIsForWantOfRoom() throws Exception {
    byte[] bytes = HexFormat.of().parseHex(WITHOUT_WANT);
    PutAnswer answer = PutAnswer.refused(7, 500, "full");
    assertThat(PutAnswer.parse(ByteBuffer.wrap(bytes))).isEqualTo(answer);
    assertThat(answer.toBytes()).isEqualTo(bytes);
  }

  @Test
  void wantOfAWriterIsInTheTwoBytesThatOlderAcceptorsReadPast() throws Exception {
    PutAnswer answer = PutAnswer.refused(PutAnswer.Want.WRITER, 7, 500, "full");
    byte[] bytes = answer.toBytes();
    assertThat(PutAnswer.parse(ByteBuffer.wrap(bytes))).isEqualTo(answer);
    bytes[2] = 0;
    assertThat(bytes).isEqualTo(HexFormat.of().parseHex(WITHOUT_WANT));
  }

  @Test
  void wantThatIsNotKnownYetIsThatOfAWriter() throws Exception {
    byte[] bytes = HexFormat.of().parseHex(WITHOUT_WANT);
    bytes[2] = 9;
    assertThat(PutAnswer.parse(ByteBuffer.wrap(bytes)).want()).isEqualTo(PutAnswer.Want.WRITER);
  }

  @Test
  void doneNamesTheRepeats() throws Exception {
    PutAnswer answer = PutAnswer.done(1L << 40, List.of(false, true));
    assertThat(PutAnswer.parse(ByteBuffer.wrap(answer.toBytes()))).isEqualTo(answer);
  }
}
