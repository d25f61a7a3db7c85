package espalier.app;

import espalier.data.Loaders;
import espalier.data.Sampler;
import espalier.format.RunOptions;
import espalier.loss.Activation;
import espalier.loss.BceWithLogits;
import espalier.loss.CrossEntropy;
import espalier.loss.Loss;
import espalier.rng.Rng;
import espalier.vision.Views;
import espalier.vision.model.Head;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What of a network is trained, and on what.
 *
 * @param head the layers after the body; empty: fastai's, or with a budget a linear one
 * @param freezeBody whether the body stays as it was published, so that only the head is trained
 * @param views which views of each training picture a frozen body looks at; empty: new ones in each epoch, but the plain and
 *     the mirrored one when the body is frozen for good
 * @param classWeights what an item of each class weighs in the loss
 * @param sampler how often each class comes in an epoch
 * @param budget the time that all may take: a linear head on features computed once, then the whole model as far as that
 *     helps; empty: by epochs
 * @param thresholds above which probabilities tags are given, searched on the validation pictures by default; for other targets
 *     without meaning
 * @param stages the stages of a training in several; empty: the schedule's two, or a budget's
 */
public record Recipe(
        Optional<Head> head,
        boolean freezeBody,
        Optional<Views> views,
        Balance classWeights,
        Balance sampler,
        Optional<Budget> budget,
        Thresholds thresholds,
        Optional<Stages> stages) {
    private static final int SHOWN = 8;

    /** fastai's way: its head, its schedule, all items alike. */
    public static Recipe standard() {
        return new Recipe(
                Optional.empty(),
                false,
                Optional.empty(),
                Balance.none(),
                Balance.none(),
                Optional.empty(),
                Thresholds.auto(),
                Optional.empty());
    }

    /** The same with another head. */
    public Recipe head(Head other) {
        return new Recipe(Optional.of(other), freezeBody, views, classWeights, sampler, budget, thresholds, stages);
    }

    /** The same with a frozen body, or one that is trained. */
    public Recipe freezeBody(boolean freeze) {
        return new Recipe(head, freeze, views, classWeights, sampler, budget, thresholds, stages);
    }

    /** The same with these views of each picture for a frozen body. */
    public Recipe views(Views other) {
        return new Recipe(head, freezeBody, Optional.of(other), classWeights, sampler, budget, thresholds, stages);
    }

    /** The same with other weights in the loss. */
    public Recipe classWeights(Balance other) {
        return new Recipe(head, freezeBody, views, other, sampler, budget, thresholds, stages);
    }

    /** The same with other epochs. */
    public Recipe sampler(Balance other) {
        return new Recipe(head, freezeBody, views, classWeights, other, budget, thresholds, stages);
    }

    /** The same with what can be learned in this time. @throws IllegalArgumentException when it is less than a second */
    public Recipe budget(Duration time) {
        return budget(Budget.of(time));
    }

    /** The same with what can be learned within a budget. */
    public Recipe budget(Budget time) {
        return new Recipe(head, freezeBody, views, classWeights, sampler, Optional.of(time), thresholds, stages);
    }

    /** The same by epochs, without a budget. */
    public Recipe epochs() {
        return new Recipe(head, freezeBody, views, classWeights, sampler, Optional.empty(), thresholds, stages);
    }

    /** The same with other thresholds of tags. */
    public Recipe thresholds(Thresholds other) {
        return new Recipe(head, freezeBody, views, classWeights, sampler, budget, other, stages);
    }

    /** The same in these stages, without a budget. */
    public Recipe stages(Stages plan) {
        return new Recipe(
                head, freezeBody, views, classWeights, sampler, Optional.empty(), thresholds, Optional.of(plan));
    }

    /** The head that is made. */
    Head chosenHead() {
        return head.orElseGet(() -> budget.isPresent() ? Head.linear().pool(Head.Pool.CONCAT) : Head.fastai());
    }

    /** The views that are computed once; empty: the body looks at new pictures in each epoch. */
    Optional<Views> chosenViews() {
        boolean once = freezeBody || budget.isPresent();
        return views.isEmpty() && once ? Optional.of(Views.withMirror()) : views;
    }

    /** What is done about classes of different sizes, with the figures for each class; empty when there is nothing to tell. */
    List<String> balance(Loaders<?> loaders) {
        var classes = loaders.classes();
        long[] counts = loaders.train().dataset().counts(classes);
        var lines = new ArrayList<String>();
        if (loaders.target().loss().activation() == Activation.IDENTITY) {
            return lines;
        }
        boolean quiet = classWeights.isNone() && sampler.isNone();
        if (Balance.uneven(counts)) {
            lines.add("the classes are uneven: " + figures(classes, i -> String.valueOf(counts[i]))
                    + " training pictures" + (quiet ? "; all count alike (see class weights and sampler)" : ""));
        }
        if (!classWeights.isNone()) {
            double[] weights = classWeights.weights(classes, counts);
            lines.add("a picture weighs in the loss: " + figures(classes, i -> number(weights[i])));
        }
        if (!sampler.isNone()) {
            int[] drawn = new int[classes.size()];
            var data = loaders.train().dataset();
            for (int place : Sampler.byLabel(sampler.numbers()).order(data, Rng.of(0))) {
                data.labels().get(place).forEach(label -> drawn[classes.indexOf(label)]++);
            }
            lines.add("an epoch has about: " + figures(classes, i -> String.valueOf(drawn[i])) + " of them");
        }
        return lines;
    }

    /** The loaders with the epochs that the sampler draws. */
    <X> Loaders<X> sampled(Loaders<X> loaders) {
        sampler.check(loaders.classes());
        if (sampler.others() != 1) {
            throw new IllegalArgumentException(
                    "one number for all classes changes no epoch. Maybe it was meant for the class weights.");
        }
        return sampler.isNone() ? loaders : loaders.sampler(Sampler.byLabel(sampler.numbers()));
    }

    /** The loss with what items of each class weigh; of tags, how much more a tag counts where it is present. */
    Optional<Loss> weighted(Loaders<?> loaders) {
        var loss = loaders.target().loss();
        if (budget.isPresent() && loss.activation() == Activation.IDENTITY) {
            throw new IllegalArgumentException(
                    "a budget is for classes and tags, and the targets are quantities." + " Maybe leave it out.");
        }
        if (classWeights.isNone()) {
            return Optional.empty();
        }
        var data = loaders.train().dataset();
        long[] counts = data.counts(loaders.classes());
        double[] weights = classWeights.weights(loaders.classes(), counts);
        if (loss instanceof CrossEntropy classes) {
            return Optional.of(classes.weights(weights));
        }
        if (loss instanceof BceWithLogits tags) {
            double[] rarity = Arrays.stream(counts)
                    .mapToDouble(count -> (data.size() - count) / (double) Math.max(1, count))
                    .toArray();
            return Optional.of(tags.positiveWeights(classWeights.balanced() ? rarity : weights));
        }
        throw new IllegalArgumentException("weights are for classes and tags, and the targets are quantities.");
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }

    private static String figures(List<String> classes, IntFunction<String> figure) {
        String shown = IntStream.range(0, Math.min(SHOWN, classes.size()))
                .mapToObj(i -> classes.get(i) + " " + figure.apply(i))
                .collect(Collectors.joining(", "));
        return shown + (classes.size() > SHOWN ? " and " + (classes.size() - SHOWN) + " others" : "");
    }

    /** The recipe by the names of the command line, without what is as usual. */
    Map<String, String> asOptions() {
        Map<String, String> options = new LinkedHashMap<>();
        head.ifPresent(own -> options.put("--head", own.toText()));
        if (freezeBody) {
            options.put("--freeze", "body");
        }
        views.ifPresent(own -> options.put("--views", own.toString()));
        put(options, "--class-weights", classWeights);
        put(options, "--sampler", sampler);
        budget.ifPresent(time -> options.put("--budget", time.toString()));
        options.putAll(thresholds.asOptions());
        stages.ifPresent(plan -> options.put("--stages", plan.toText()));
        return options;
    }

    private static void put(Map<String, String> options, String name, Balance balance) {
        if (!balance.isNone()) {
            options.put(name, balance.toString());
        }
    }

    /** The recipe by which a model was made. */
    static Recipe like(RunOptions options) {
        return new Recipe(
                options.value("--head", Head::named),
                options.value("--freeze", "body"::equals).orElse(false),
                options.value("--views", Views::named),
                options.value("--class-weights", Balance::named).orElseGet(Balance::none),
                options.value("--sampler", Balance::named).orElseGet(Balance::none),
                options.value("--budget", Budget::named),
                Thresholds.like(options),
                options.value("--stages", Stages::parse));
    }
}
