import { Tokenizer } from 'tokenizers';

/*
 * Trains a tokenizer: arguments are the tokenizer.json to begin with, the file of texts, and where the trained one goes. A process of its own,
 * since the library draws its progress on stdout, where a command's answer belongs.
 */
const [begin, texts, trained] = process.argv.slice(2);
const tokenizer = Tokenizer.fromFile(begin!);
tokenizer.train([texts!]);
tokenizer.save(trained!);
