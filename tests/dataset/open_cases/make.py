"""Datasets in binary formats, which only Python's libraries write."""

import bz2
import gzip
import json
import sqlite3
from pathlib import Path

import pandas as pd
from PIL import Image


def people(rows: int, first: int = 0) -> pd.DataFrame:
    numbers = range(first, first + rows)
    return pd.DataFrame({
        "id": list(numbers),
        "age": [18 + number * 7 % 60 for number in numbers],
        "city": [["Paris", "Köln", "Málaga"][number % 3] for number in numbers],
        "price": [number * 37 % 101 + 0.25 for number in numbers],
    })


def picture(path: Path, shade: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("L", (4, 4), shade).save(path)


def make_datasets(root: Path) -> None:
    def folder(name: str) -> Path:
        (root / name).mkdir(parents=True, exist_ok=True)
        return root / name

    people(60).to_parquet(folder("parquet_parts") / "train-00000-of-00001.parquet")
    people(30, 500).to_parquet(root / "parquet_parts" / "test-00000-of-00001.parquet")
    people(60).to_feather(folder("feather") / "people.feather")
    (folder("packed") / "a.csv.gz").write_bytes(gzip.compress(people(60).to_csv(index=False).encode()))
    (folder("packed_bz2") / "a.csv.bz2").write_bytes(bz2.compress(people(60).to_csv(index=False).encode()))
    (folder("packed_cut") / "a.csv.gz").write_bytes(gzip.compress(people(60).to_csv(index=False).encode())[:90])
    with pd.ExcelWriter(folder("excel") / "book.xlsx") as writer:
        people(60).to_excel(writer, sheet_name="People", index=False, startrow=3)
        meaning = {"column": ["id", "age", "city", "price"], "meaning": ["number", "years", "home", "euros"]}
        pd.DataFrame(meaning).to_excel(writer, sheet_name="Columns", index=False)

    shop = sqlite3.connect(folder("database") / "shop.db")
    pd.DataFrame({"id": range(1, 51), "name": [f"c{i}" for i in range(50)], "country": ["A", "B"] * 25}).to_sql("customers", shop, index=False)
    orders = {"id": range(1, 301), "customer_id": [i * 7 % 50 + 1 for i in range(300)], "total": [i * 13 % 97 for i in range(300)]}
    pd.DataFrame(orders).to_sql("orders", shop, index=False)
    items = {"id": range(1, 601), "order_id": [i * 11 % 300 + 1 for i in range(600)], "product": ["x", "y", "z"] * 200}
    pd.DataFrame(items).to_sql("order_items", shop, index=False)
    shop.commit()
    shop.close()

    for number in range(40):
        kind = "cat" if number % 2 else "dog"
        picture(root / "image_folders" / "train" / kind / f"{number:04}.png", number)
        picture(root / "image_folders" / "test" / kind / f"{number + 100:04}.png", number)
        picture(root / "image_table" / "images" / f"{number:04}.jpg", number)
        picture(root / "image_competition" / "train" / f"t{number}.jpg", number)
        picture(root / "image_competition" / "test" / f"u{number}.jpg", number)
        picture(root / "image_paths" / "data" / "img" / f"{number}.png", number)
        picture(root / "image_masks" / "images" / f"{number:04}.jpg", number)
        picture(root / "image_masks" / "masks" / f"{number:04}.png", number)
        picture(root / "image_boxes" / "pictures" / f"p{number}.png", number)
        picture(root / "image_coco" / f"{number:04}.jpg", number)
    labels = {"image_id": [f"{i:04}" for i in range(40)], "breed_id": [i % 3 for i in range(40)]}
    pd.DataFrame(labels).to_csv(root / "image_table" / "labels.csv", index=False)
    (root / "image_competition" / "train.csv").write_text("id,breed\n" + "".join(f"t{i},{'ab'[i % 2]}\n" for i in range(40)))
    (root / "image_paths" / "data" / "labels.csv").write_text("image,label\n" + "".join(f"img/{i}.png,{'ab'[i % 2]}\n" for i in range(40)))
    submission = "id,breed\n" + "".join(f"u{i},a\n" for i in range(40))
    (root / "image_competition" / "sample_submission.csv").write_text(submission)
    (root / "image_table" / "breeds.csv").write_text("breed_id,name\n0,lab\n1,pug\n2,mix\n")
    (root / "image_boxes" / "notes").mkdir()
    for number in range(40):
        things = "".join(f"<object><name>{'rbc' if i else 'wbc'}</name><bndbox/></object>" for i in range(number % 4))
        (root / "image_boxes" / "notes" / f"p{number}.xml").write_text(f"<annotation><size><width>4</width></size>{things}</annotation>")
    for part, numbers in (("train", range(30)), ("trainval", range(35)), ("val", range(30, 35)), ("test", range(35, 40))):
        (root / "image_boxes" / f"{part}.txt").write_text("".join(f"p{number}\n" for number in numbers))
    coco = {
        "images": [{"id": 7 + i, "file_name": f"{i:04}.jpg", "width": 4} for i in range(40)],
        "annotations": [{"id": i, "image_id": 7 + i * 3 % 40, "category_id": 1, "bbox": [0, 0, 1, 1]} for i in range(100)],
        "categories": [{"id": 1, "name": "cell"}, {"id": 2, "name": "none"}],
    }
    (root / "image_coco" / "instances.json").write_text(json.dumps(coco))
