package espalier.cli;

import espalier.predict.Engines;
import espalier.tensor.Device;
import espalier.tensor.Machine;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where to compute. */
final class DeviceFlag {
    @Option(
            names = "--device",
            paramLabel = "auto|cpu|cuda|cuda:1|mps",
            description = "Where to compute (auto: the first graphics card that CUDA can use, otherwise the CPU).")
    private String device = "auto";

    /** The device that was named; empty for {@code auto}. @throws CommandException when it is not there */
    Optional<Device> chosen() {
        if (device.equals("auto")) {
            return Optional.empty();
        }
        Device chosen;
        try {
            chosen = Device.parse(device);
        } catch (IllegalArgumentException unknown) {
            throw new CommandException(ExitCodes.USAGE, "--device: " + unknown.getMessage());
        }
        if (!chosen.isAvailable()) {
            throw new CommandException(
                    ExitCodes.USAGE,
                    "--device " + device + " is not available here. CUDA: " + Machine.cuda()
                            + ". Maybe leave --device out.");
        }
        return Optional.of(chosen);
    }

    /** The same, and what {@code auto} means on this machine. */
    Device device() {
        return chosen().orElseGet(Device::best);
    }

    /** Lets engines that are opened from now on compute there. */
    void forEngines() {
        Engines.device(chosen().map(Device::toString).orElse("auto"));
    }
}
