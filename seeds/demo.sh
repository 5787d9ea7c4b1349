#!/bin/sh
# The main job, end to end, on the articles in this folder: add, ask, brief, verify. `make demo` runs it.
set -u
citewire=${CITEWIRE:-citewire}
seeds=$(dirname "$0")
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT INT TERM
CITEWIRE_ARCHIVE=$folder/archive
export CITEWIRE_ARCHIVE

say() { printf '\n\n\033[1m$ %s\033[0m\n\n' "$*"; }
run() { # shown as it would be typed: what has a blank is in quotes
    shown=citewire
    for word; do case $word in *\ *) shown="$shown \"$word\"" ;; *) shown="$shown $word" ;; esac; done
    say "$shown"
    "$citewire" "$@"
}

run add "$seeds" || exit
run ask "At what time did the Corrin Star strike the harbour wall?" || exit
run ask "How big is Vellmar's budget hole according to the mayor, and how big according to the union's economist?" || exit
run ask "How old is Captain R. J. Hallow?"
[ $? -eq 4 ] || { echo "a question without an answer should exit with 4" >&2; exit 1; }
run brief "Tarrow Head ferry" --words 250 || exit
say 'citewire brief "Tarrow Head ferry" --json > briefing.json; citewire verify briefing.json'
"$citewire" brief "Tarrow Head ferry" --json > "$folder/briefing.json" || exit
"$citewire" verify "$folder/briefing.json" || exit
say "the same briefing with one word changed"
sed 's/at least two people/at least ten people/' "$folder/briefing.json" > "$folder/altered.json"
"$citewire" verify "$folder/altered.json"
[ $? -eq 7 ] || { echo "an altered briefing should exit with 7" >&2; exit 1; }
