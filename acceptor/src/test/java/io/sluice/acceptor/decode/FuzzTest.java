package io.sluice.acceptor.decode;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.InvalidProtocolBufferException;
import io.sluice.schema.table.Signal;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Damaged requests: accepted if and only if protobuf-java accepts them, and then with the same
 * meaning. Three differences are meant: text that is not UTF-8 is taken, depth is bounded by
 * values, not by messages, and a varint has ten bytes at most, where protobuf-java takes a tenth
 * byte that says more will follow for the last if it is odd. bench/fuzz goes further than this.
 */
class FuzzTest {

  private static final int INPUTS = 6_000;
  private static final int CHECKED = 100; // one in so many is compared record by record

  @ParameterizedTest
  @EnumSource(Signal.class)
  void acceptsWhatProtobufAccepts(Signal signal) {
    long seed = Long.getLong("sluice.fuzz.seed", 20261122L);
    Random random = new Random(seed);
    int[] outcomes = new int[2];
    int stricter = 0;
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < INPUTS; i++) {
        byte[] request = damaged(request(signal, i, random), random);
        String input = "seed %d, input %d".formatted(seed, i);
        Boolean accepted = protobufAccepts(signal, request);
        boolean taken = takes(decoding, signal, request, input);
        if (accepted != null) {
          assertThat(taken && !accepted).as(input).isFalse();
          stricter += accepted && !taken ? 1 : 0;
          outcomes[taken ? 1 : 0]++;
          if (taken && i % CHECKED == 0) {
            RoundTrip.check(decoding, signal, request);
          }
        }
      }
    }
    assertThat(stricter).as("refused though protobuf-java takes it").isLessThan(INPUTS / 1000);
    assertThat(outcomes[0]).isGreaterThan(INPUTS / 20);
    assertThat(outcomes[1]).isGreaterThan(INPUTS / 20);
  }

  /** Any bytes at all: never anything but rows or a refusal. */
  @Test
  void noiseIsTakenOrRefused() {
    long seed = Long.getLong("sluice.fuzz.seed", 20261122L);
    Random random = new Random(seed);
    try (Decoding decoding = new Decoding()) {
      for (int i = 0; i < INPUTS; i++) {
        byte[] noise = new byte[random.nextInt(60)];
        random.nextBytes(noise);
        Signal signal = Signal.values()[i % Signal.values().length];
        takes(decoding, signal, noise, "seed %d, input %d".formatted(seed, i));
      }
    }
  }

  private static byte[] request(Signal signal, int i, Random random) {
    if (i % 2 == 0) {
      Traffic traffic = new Traffic(i);
      return switch (signal) {
        case TRACES -> traffic.traces(3).toByteArray();
        case LOGS -> traffic.logs(3).toByteArray();
        case METRICS -> traffic.metrics(60).toByteArray();
        case PROFILES -> traffic.profiles(3).toByteArray();
      };
    }
    RandomWire wire = new RandomWire(random, 0.05);
    return wire.bytes(new RandomMessages(random, 0.02).message(RoundTrip.prototype(signal), 2, 3));
  }

  private static byte[] damaged(byte[] request, Random random) {
    if (request.length == 0) {
      return request;
    }
    byte[] bytes = request.clone();
    switch (random.nextInt(4)) {
      case 0 -> bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length));
      case 1 -> bytes[random.nextInt(bytes.length)] ^= (byte) (1 << random.nextInt(8));
      case 2 -> {
        for (int i = 0; i < 3; i++) {
          bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
        }
      }
      default -> {
        int from = random.nextInt(bytes.length);
        int length = random.nextInt(Math.min(20, bytes.length - from) + 1);
        System.arraycopy(request, from, bytes, random.nextInt(bytes.length - length + 1), length);
      }
    }
    return bytes;
  }

  /** Null where the difference is meant. */
  private static Boolean protobufAccepts(Signal signal, byte[] request) {
    try {
      RoundTrip.parser(signal).parseFrom(request);
      return true;
    } catch (InvalidProtocolBufferException e) {
      boolean meant = e.getMessage().contains("UTF-8") || e.getMessage().contains("levels");
      return meant ? null : Boolean.FALSE;
    }
  }

  private static boolean takes(Decoding decoding, Signal signal, byte[] request, String input) {
    try {
      decoding.give(decoding.decode(signal, request));
      return true;
    } catch (MalformedRequestException e) {
      assertThat(e).as(input).hasMessageMatching("(?s).+ at byte \\d+");
      return false;
    } catch (RuntimeException | Error e) {
      throw new AssertionError(input, e);
    }
  }
}
