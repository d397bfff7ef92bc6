package io.sluice.bench.figures;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class RawBytesTest {

  @Test
  void aMessageComesBackAsItWas() {
    byte[] message = {1, 2, 3, 0, -1};

    assertThat(RawBytes.INSTANCE.parse(RawBytes.INSTANCE.stream(message))).isEqualTo(message);
    assertThat(RawBytes.INSTANCE.parse(RawBytes.INSTANCE.stream(new byte[0]))).isEmpty();
  }

  @Test
  void aStreamThatHoldsMoreThanItSaysIsNotCutShort() {
    InputStream shy =
        new ByteArrayInputStream(new byte[9]) {
          @Override
          public synchronized int available() {
            return 4;
          }
        };

    assertThatThrownBy(() -> RawBytes.INSTANCE.parse(shy))
        .hasRootCauseMessage("its length is not the 4 bytes it said");
  }
}
