package espalier.train;

import espalier.item.Item;
import java.util.List;

/**
 * What a model says about each item of a loader, as plain numbers, in the loader's order.
 *
 * @param classes the classes or tags
 * @param items the items that could be read
 * @param labels the labels of each item; empty lists where there are none
 * @param probabilities one row an item, one column a class
 * @param losses the loss of each item; empty where there are no labels
 */
public record Outputs(
        List<String> classes, List<Item> items, List<List<String>> labels, float[][] probabilities, double[] losses) {}
