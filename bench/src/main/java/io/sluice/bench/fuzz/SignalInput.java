package io.sluice.bench.fuzz;

import io.sluice.schema.table.Signal;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** A request and the signal it is sent as: one letter (t, l, m or p) before its bytes. */
final class SignalInput {

  private static final List<Signal> SIGNALS =
      List.of(Signal.TRACES, Signal.LOGS, Signal.METRICS, Signal.PROFILES);
  private static final String LETTERS = "tlmp";

  private final Signal signal;
  private final byte[] request;

  SignalInput(Signal signal, byte[] request) {
    this.signal = signal;
    this.request = request;
  }

  static Signal any(SplittableRandom random) {
    return SIGNALS.get(random.nextInt(SIGNALS.size()));
  }

  static SignalInput parse(byte[] input) {
    Signal signal = SIGNALS.get(LETTERS.indexOf(input[0]));
    return new SignalInput(signal, Arrays.copyOfRange(input, 1, input.length));
  }

  Signal signal() {
    return signal;
  }

  byte[] request() {
    return request;
  }

  byte[] bytes() {
    byte[] input = new byte[1 + request.length];
    input[0] = (byte) LETTERS.charAt(SIGNALS.indexOf(signal));
    System.arraycopy(request, 0, input, 1, request.length);
    return input;
  }
}
