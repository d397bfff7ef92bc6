package io.sluice.schema.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class FrameCreditTest {

  private static final int END = 1;
  private final FrameCredit credit = new FrameCredit();

  private boolean take(byte[] bytes) {
    boolean all = true;
    for (int at = 0; at < bytes.length; at++) { // in pieces, as they may come
      all &= credit.take(i -> bytes[i], at, at + 1);
    }
    return all;
  }

  private boolean preface() {
    return take(new byte[24]);
  }

  private static byte[] frame(int type, int flags, int length) {
    return ByteBuffer.allocate(9 + length)
        .putInt((length << 8) | type)
        .put((byte) flags)
        .putInt(1)
        .array();
  }

  @ParameterizedTest
  @CsvSource({"0, 0, 0", "2, 0, 5", "4, 0, 6", "4, 1, 0", "16, 0, 3", "255, 0, 9"})
  void framesThatAskForNothingAreAFlood(int type, int flags, int length) {
    preface();
    int taken = 0;
    while (take(frame(type, flags, length))) {
      assertThat(++taken).isLessThanOrEqualTo(1_000);
    }
    assertThat(taken).isEqualTo(1_000);
  }

  @Test
  void callsAndWhatTheyBringAreNoneWithSomeOfTheOthers() {
    preface();
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    one.writeBytes(frame(1, 4, 80));
    one.writeBytes(frame(16, 0, 20)); // how urgent
    one.writeBytes(frame(2, 0, 5));
    one.writeBytes(frame(0, 0, 0));
    one.writeBytes(frame(0, 0, 16_000));
    one.writeBytes(frame(0, END, 0));
    one.writeBytes(frame(4, END, 0));
    one.writeBytes(frame(8, 0, 4));
    byte[] call = one.toByteArray();
    for (int i = 0; i < 5_000; i++) {
      int cut = i % call.length;
      assertThat(credit.take(at -> call[at], 0, cut)).isTrue();
      assertThat(credit.take(at -> call[at], cut, call.length)).isTrue();
    }
  }

  @Test
  void pingsResetsAndWindowsAreCountedByOthers() {
    preface();
    for (int i = 0; i < 10_000; i++) {
      assertThat(take(frame(6, 0, 8)) && take(frame(3, 0, 4)) && take(frame(8, 0, 4))).isTrue();
    }
  }
}
